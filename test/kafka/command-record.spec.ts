import { commandIn, RECORD_BYTES_MAX } from '#kafka/command-record.js';
import type { InboundRecord } from '#kafka/records.js';
import { commandOf, flawsOf, invalidAnswerTo } from './answered.js';
import { aCapture, binaryMode, NO_UTF8, plainly, SENT_AT } from './sent-record.js';
import type { Sent } from './sent-record.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('a record in binary mode', () => {
  it('is the command that its headers and its value say together', () => {
    const record = binaryMode(aCapture(), {
      headers: { ce_time: '2026-11-21T08:59:00+00:00', ce_correlationid: 'basket-17' },
    });
    expect(commandOf(record)).toMatchObject({
      stream: 'authorization-default/auth-1',
      correlationId: 'basket-17',
      command: {
        type: 'CreateCapture',
        commandId: 'cmd-1',
        merchantAccountId: 'default',
        authorizationId: 'auth-1',
        captureId: 'cap-1',
        amount: 7_000,
        actor: '/shop/checkout',
        issuedAt: '2026-11-21T08:59:00.000Z',
      },
    });
  });

  it('may say all of it in its value, without any header', () => {
    const { command } = commandOf(plainly(aCapture({ merchantAccountId: 'shop', actor: 'ann' })));
    expect(command).toMatchObject({
      ...aCapture({ merchantAccountId: 'shop', actor: 'ann' }),
      issuedAt: '2026-11-21T09:00:00.000Z',
    });
  });

  it('may leave the authorization to its key', () => {
    const record = binaryMode(aCapture({ authorizationId: undefined }), { key: 'auth-17' });
    expect(commandOf(record).command.authorizationId).toBe('auth-17');
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'text/plain', '', 'x'])(
    'is read as JSON whatever else its content type says: %j',
    (contentType) =>
      expect(
        commandOf(binaryMode(aCapture(), { headers: { 'content-type': contentType } })).command
          .type,
      ).toBe('CreateCapture'),
  );

  it('believes the last of a header that comes more than once', () => {
    const types = ['VoidAuthorization', 'CreateCapture'];
    const record = binaryMode(aCapture(), { headers: { ce_type: types } });
    expect(commandOf(record).command.type).toBe('CreateCapture');
  });

  it.each([
    ['its header', { ce_correlationid: 'basket-17', traceparent: TRACEPARENT }, 'basket-17'],
    ['the trace that it is part of', { traceparent: TRACEPARENT }, TRACE],
    ['the trace as it was said last', { traceparent: ['x', TRACEPARENT] }, TRACE],
    ['nothing', { traceparent: '00-none-at-all' }, undefined],
    ['nothing where the trace is no text', { traceparent: NO_UTF8 }, undefined],
  ])('is told again by %s', (_, headers, correlationId) =>
    expect(commandOf(binaryMode(aCapture(), { headers })).correlationId).toBe(correlationId),
  );

  it.each([
    ['ce_time', { headers: { ce_time: '2026-11-20T10:00:00Z' } }, '2026-11-20T10:00:00.000Z'],
    ['its timestamp', {}, '2026-11-21T09:00:00.000Z'],
    ['the first timestamp there is', { timestamp: 0 }, '1970-01-01T00:00:00.000Z'],
    ['the last', { timestamp: 253_402_300_799_999 }, '9999-12-31T23:59:59.999Z'],
  ] satisfies [string, Sent, string][])('was issued when %s says', (_, sent, issuedAt) =>
    expect(commandOf(binaryMode(aCapture(), sent)).command.issuedAt).toBe(issuedAt),
  );

  it.each([-1, -SENT_AT, 253_402_300_800_000, 2 ** 62, Number.NaN, Infinity])(
    'is issued when it is read where its timestamp says nothing: %d',
    (timestamp) => {
      const record = binaryMode(aCapture(), { timestamp });
      expect(commandIn(record)).not.toHaveProperty('issuedAt');
      expect(commandOf(record).command.issuedAt).toBe('2026-11-21T09:00:00.000Z');
    },
  );
});

/** As the broker counts them, but for what it puts around them. */
const bytesOf = ({ key, value, headers }: InboundRecord): number =>
  Buffer.concat([
    key ?? Buffer.alloc(0),
    value ?? Buffer.alloc(0),
    ...[...headers].flatMap(([name, values]) => values.flatMap((one) => [Buffer.from(name), one])),
  ]).length;

/** A capture with a header of so many bytes. */
const filled = (bytes: number) =>
  binaryMode(aCapture(), { headers: { füll: Buffer.alloc(bytes), twice: ['', ''] } });

const KEY = 'the key must be the authorization id';
const TOO_LARGE = `key, value and headers must be at most ${RECORD_BYTES_MAX} bytes together`;
const NO_VALUE = 'there is no value: it must be the command’s members as JSON';
const NOT_SAID_ALIKE = 'must be what its path, header or key says, or be left out';

describe('a record is invalid', () => {
  it.each<[string, Sent, string]>([
    ['no key', { key: null }, KEY],
    ['an empty key', { key: '' }, KEY],
    ['a key that is no UTF-8', { key: NO_UTF8 }, KEY],
    ['the key of another authorization', { key: 'auth-2' }, `/authorizationId ${NOT_SAID_ALIKE}`],
    [
      'ce_id twice',
      { headers: { ce_id: ['cmd-0', 'cmd-1'] } },
      'the header ce_id must be there only once',
    ],
    [
      'ce_id twice alike',
      { headers: { ce_id: ['cmd-1', 'cmd-1'] } },
      'the header ce_id must be there only once',
    ],
    ['ce_id no UTF-8', { headers: { ce_id: NO_UTF8 } }, 'the header ce_id must be UTF-8'],
    ['ce_type no UTF-8', { headers: { ce_type: NO_UTF8 } }, 'the header ce_type must be UTF-8'],
    [
      'ce_source no UTF-8',
      { headers: { ce_source: NO_UTF8 } },
      'the header ce_source must be UTF-8',
    ],
    ['ce_time no UTF-8', { headers: { ce_time: NO_UTF8 } }, 'the header ce_time must be UTF-8'],
    [
      'ce_correlationid no UTF-8',
      { headers: { ce_correlationid: NO_UTF8 } },
      'the header ce_correlationid must be UTF-8',
    ],
    [
      'ce_correlationid empty',
      { headers: { ce_correlationid: '' } },
      'the header ce_correlationid must be a text of 1 to 300 characters',
    ],
    [
      'CloudEvents of another version',
      { headers: { ce_specversion: '0.3' } },
      'the header ce_specversion must be 1.0',
    ],
    [
      'ce_time no time',
      { headers: { ce_time: 'noon' } },
      'the header ce_time must be a time of RFC 3339 with its offset, as 2026-11-21T09:00:00Z',
    ],
    [
      'ce_source too long',
      { headers: { ce_source: 'x'.repeat(301) } },
      'the header ce_source must be a text of 1 to 300 characters',
    ],
    [
      'ce_id no id',
      { headers: { ce_id: 'a/b' } },
      'the header ce_id must be 1 to 128 characters of A-Z a-z 0-9 . _ : ~ -',
    ],
    ['no value', { value: null }, NO_VALUE],
    ['an empty value', { value: '' }, NO_VALUE],
    [
      'a key that is no id',
      { key: 'a/b', value: '{}' },
      'the key must be 1 to 128 characters of A-Z a-z 0-9 . _ : ~ -',
    ],
    ['no JSON', { value: 'CreateCapture' }, 'must be JSON; it is not at character 0'],
    ['a list', { value: '[]' }, 'must be a JSON object'],
    ['a value that is no UTF-8', { value: NO_UTF8 }, 'must be well-formed UTF-8'],
    ['a member twice', { value: '{"amount":1,"amount":2}' }, '/amount must be there only once'],
    ['__proto__', { value: '{"__proto__":{}}' }, '/__proto__ must be left out'],
    [
      'an unknown member',
      { value: '{"amout":1}' },
      '/amout must be left out: there is no member of this name here',
    ],
    ['another id in the value', { value: '{"commandId":"cmd-2"}' }, `/commandId ${NOT_SAID_ALIKE}`],
    ['another type in the value', { value: '{"type":"VoidRefund"}' }, `/type ${NOT_SAID_ALIKE}`],
  ])('with %s', async (_, sent, flaw) =>
    expect(await flawsOf(binaryMode(aCapture(), sent))).toContain(flaw),
  );

  it('without an id', async () => {
    const { commandId: _, ...message } = aCapture();
    expect(await flawsOf(plainly(message))).toEqual(['the header ce_id must be there']);
  });

  it.each(['CaptureEverything', 'constructor', '__proto__', ''])(
    'of the unknown type %j',
    async (type) => {
      const [flaw] = await flawsOf(binaryMode(aCapture({ type })));
      expect(flaw).toMatch(/^the header ce_type must be one of RegisterAuthorization, /);
    },
  );

  it.each([
    ['key', { key: 'k'.repeat(RECORD_BYTES_MAX + 1) }],
    ['value', { value: ' '.repeat(RECORD_BYTES_MAX + 1) }],
    [
      'header that comes often',
      { headers: { x: Array.from({ length: 1_025 }, () => 'y'.repeat(127)) } },
    ],
    ['name of a header', { headers: { ['n'.repeat(RECORD_BYTES_MAX)]: '' } }],
  ] satisfies [string, Sent][])('that is too large by its %s', async (_, sent) =>
    expect(await flawsOf(binaryMode(aCapture(), sent))).toContain(TOO_LARGE),
  );

  it.each([
    ['ce_id', 'ce-id'],
    ['ce_id', 'CE_ID'],
    ['ce_id', 'ce_Id'],
  ])('without %s, and told that %s is not it', async (_, near) => {
    const { commandId, ...message } = aCapture();
    const record = plainly(message, { headers: { [near]: String(commandId) } });
    expect(await flawsOf(record)).toEqual([`the header ce_id (not ${near}) must be there`]);
  });

  it.each<[string, Sent, string]>([
    ['no value', { value: null }, NO_VALUE],
    ['a long ce_source', { headers: { ce_source: 'x'.repeat(301) } }, 'ce_source must be a text'],
    ['a long ce_correlationid', { headers: { ce_correlationid: 'x'.repeat(301) } }, 'ce_corr'],
  ])('with %s, and says so once', async (_, sent, flaw) =>
    expect(await flawsOf(binaryMode(aCapture(), sent))).toEqual([expect.stringContaining(flaw)]),
  );

  it('in the words of the value where the value says it', async () =>
    expect(await flawsOf(plainly(aCapture({ actor: '', commandId: 'a/b' })))).toEqual([
      expect.stringMatching(/^\/commandId must/),
      expect.stringMatching(/^\/actor must/),
    ]));

  it('that is one byte larger than it may be, all of its bytes counted', async () => {
    const room = RECORD_BYTES_MAX - bytesOf(filled(0));
    expect(commandOf(filled(room)).command.commandId).toBe('cmd-1');
    expect(await flawsOf(filled(room + 1))).toEqual([TOO_LARGE]);
  });

  it.each<[string, Sent]>([
    ['no key', { key: null }],
    ['an empty key', { key: '' }],
    ['a key that is no text', { key: NO_UTF8 }],
  ])('with %s, and is answered to the authorization in its value', async (_, sent) => {
    const { answer } = await invalidAnswerTo(binaryMode(aCapture(), sent));
    expect(answer).toMatchObject({
      outcome: 'invalid',
      commandId: 'cmd-1',
      commandType: 'CreateCapture',
      merchantAccountId: 'default',
      authorizationId: 'auth-1',
    });
  });

  it('although its value is no JSON, and answered to whom its headers and its key name', async () => {
    const { answer, deadLetter } = await invalidAnswerTo(binaryMode(aCapture(), { value: '{' }));
    expect(answer).toMatchObject({
      commandId: 'cmd-1',
      commandType: 'CreateCapture',
      authorizationId: 'auth-1',
      errors: [{ pointer: '', message: expect.stringMatching(/^must be JSON/) }],
    });
    expect(deadLetter).toEqual({ reason: 'invalid' });
  });
});

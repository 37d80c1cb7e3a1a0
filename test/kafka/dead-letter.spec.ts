import type { Decided, DeadLetter } from '#commands/answer.js';
import { commandIdReused, failedAnswer } from '#commands/undecided-answer.js';
import { DEAD_LETTER_HEADERS, deadLetterOf } from '#kafka/dead-letter.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { capture, submitted, succeeded } from '../commands/submitted.js';
import { invalidAnswerTo } from './answered.js';
import {
  aCapture,
  binaryMode,
  CARD,
  cloudEventOf,
  NO_UTF8,
  plainly,
  recordOf,
  structuredMode,
} from './sent-record.js';
import type { Sent } from './sent-record.js';

const DEAD_LETTERS = 'capture.commands.v1.dead-letter';

const letterOf = (record: InboundRecord, decided: Decided): OutRecord => {
  const { deadLetter } = decided;
  if (!deadLetter) throw new Error('it needs no dead letter');
  return deadLetterOf(record, decided, deadLetter, DEAD_LETTERS);
};

const invalidLetter = async (record: InboundRecord): Promise<OutRecord> =>
  letterOf(record, await invalidAnswerTo(record));

/** Every byte of a record, as text in which digits can be seen. */
const allOf = ({ key, value, headers }: OutRecord): string =>
  [key, value, ...Object.entries(headers).flat(2)].map(String).join('\n');

describe('a dead letter', () => {
  it('is the record as it came, with where it was and why it is here', async () => {
    const headers = { ce_id: ['cmd-1', 'cmd-2'], 'x-bytes': NO_UTF8, empty: '' };
    const record = recordOf({ key: NO_UTF8, value: '{"a":', headers, partition: 2 });
    expect(await invalidLetter(record)).toStrictEqual({
      topic: DEAD_LETTERS,
      key: NO_UTF8,
      value: Buffer.from('{"a":'),
      headers: {
        ce_id: [Buffer.from('cmd-1'), Buffer.from('cmd-2')],
        'x-bytes': [NO_UTF8],
        empty: [Buffer.alloc(0)],
        'kafka_dlt-original-topic': 'capture.commands.v1',
        'kafka_dlt-original-partition': '2',
        'kafka_dlt-original-offset': String(record.offset),
        'kafka_dlt-original-timestamp': '1795251600000',
        'kafka_dlt-exception-fqcn': 'command.invalid',
        'kafka_dlt-exception-message': expect.stringMatching(
          /^the key must be the authorization id; the header ce_id must be there only once; must be JSON; it is not at character 5/,
        ),
        'ledger-reason': 'invalid',
      },
    });
  });

  it.each<[string, Sent]>([
    ['no key', { key: null }],
    ['no value', { value: null }],
    ['an empty key and value', { key: '', value: '' }],
    ['much of all', { value: Buffer.alloc(200 * 1024, 7), headers: { x: Buffer.alloc(9_000) } }],
  ])('keeps what it had: %s', async (_, sent) => {
    const record = recordOf(sent);
    const { key, value, headers } = await invalidLetter(record);
    expect([key, value]).toEqual([record.key, record.value]);
    for (const [name, values] of record.headers) expect(headers[name]).toEqual(values);
  });

  it('of a dead letter that was sent again says where it was this time', async () => {
    const forged = Object.fromEntries(
      Object.values(DEAD_LETTER_HEADERS).map((name) => [name, ['forged', 'again']]),
    );
    const letter = await invalidLetter(recordOf({ headers: forged, value: 'x' }));
    expect(allOf(letter)).not.toMatch(/forged|again/);
    expect(Object.keys(letter.headers).toSorted()).toEqual(
      Object.values(DEAD_LETTER_HEADERS).toSorted(),
    );
  });

  it('has a message that any reader can hold, wherever it is cut', async () => {
    for (let length = 30; length <= 60; length += 1) {
      const names = Array.from({ length: 20 }, (_, n) => `${n}${'🏨'.repeat(length)}`);
      const message = Object.fromEntries(names.map((name) => [name, 1]));
      const letter = await invalidLetter(plainly(aCapture(message)));
      const said = String(letter.headers['kafka_dlt-exception-message']);
      expect(said).toHaveLength(1_024);
      expect(said.isWellFormed()).toBe(true);
    }
  });

  it.each(['__proto__', 'constructor', 'toString', '17'])(
    'keeps a header of the name %s',
    async (name) => {
      const record = recordOf({ value: 'x' });
      const named = { ...record, headers: new Map([[name, [Buffer.from('kept')]]]) };
      const { headers } = await invalidLetter(named);
      expect(Object.entries(headers)).toContainEqual([name, [Buffer.from('kept')]]);
    },
  );
});

describe('a record that holds card data leaves nothing of it:', () => {
  const escaped = CARD.replace('4', String.raw`\u0034`);

  it.each<[string, InboundRecord]>([
    ['in a member', binaryMode(aCapture({ reference: CARD }))],
    ['in what is no member', binaryMode(aCapture({ surprise: { inside: [CARD] } }))],
    ['in a name', binaryMode(aCapture({ [CARD]: 1 }))],
    ['as a number', binaryMode(aCapture({ captureId: 4111111111111111 }))],
    ['by a name', binaryMode(aCapture({ cvv: '411' }))],
    ['in what is no JSON', recordOf({ value: `{"reference":"${CARD}` })],
    ['in what is much too large', recordOf({ value: `${' '.repeat(200 * 1024)}${CARD}` })],
    ['in escapes', plainly(aCapture(), { value: `{"reference":"${escaped}"}` })],
    ['in escapes that are no JSON', recordOf({ value: `{"reference":"${escaped}` })],
    ['line by line', binaryMode(aCapture({ reference: CARD.replaceAll(' ', '\n') }))],
    ['in its key', recordOf({ key: CARD, value: 'x' })],
    ['in a key that looks like an id', recordOf({ key: '4111111111111111', value: 'x' })],
    ['in the data of an event', structuredMode(aCapture({ reference: CARD }))],
    [
      'in an attribute of an event',
      structuredMode(aCapture({ amount: 0 }), {
        value: JSON.stringify({ ...cloudEventOf(aCapture({ amount: 0 })), subject: CARD }),
      }),
    ],
    [
      'in an attribute of an event, in escapes',
      structuredMode(aCapture(), {
        value: `{"specversion":"1.0","subject":"${escaped}","data":{"amount":0}}`,
      }),
    ],
    ['in its source', binaryMode(aCapture(), { headers: { ce_source: CARD } })],
  ])('%s', async (_, sent) => {
    const record = {
      ...sent,
      headers: new Map([...sent.headers, ['x', [Buffer.from('precious')]]]),
    };
    const letter = await invalidLetter(record);
    expect(letter).toMatchObject({ key: null, value: null });
    expect(Object.keys(letter.headers).toSorted()).toEqual(
      Object.values(DEAD_LETTER_HEADERS).toSorted(),
    );
    expect(letter.headers['kafka_dlt-exception-message']).toBe(
      'it seems to hold card data; nothing of it is kept',
    );
    expect(allOf(letter).replaceAll(/\s/g, '')).not.toMatch(/4111|precious|auth-1|cvv/);
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['in a header', { 'x-note': CARD }],
    ['in a header, once of several times', { 'x-note': ['none', CARD] }],
    ['in the name of a header', { [CARD]: 'x' }],
    ['by the name of a header', { cvv: '411' }],
    ['in an id that looks like it', { ce_id: '4111111111111111' }],
  ])('%s, of which the other headers are kept', async (_, suspicious) => {
    const record = recordOf({ value: 'x', headers: { ...suspicious, other: 'kept' } });
    const letter = await invalidLetter(record);
    expect(letter.value).toEqual(Buffer.from('x'));
    expect(letter.headers['other']).toEqual([Buffer.from('kept')]);
    expect(allOf(letter)).not.toMatch(/411|cvv|none/);
  });
});

describe('a record that holds personal data leaves nothing of it:', () => {
  it.each<[string, InboundRecord]>([
    ['in a member', binaryMode(aCapture({ deviceIp: '12.7.8.120' }))],
    ['in metadata', binaryMode(aCapture({ metadata: { email: 'jo@example.com' } }))],
    ['in what is no JSON', recordOf({ value: '{"email":"jo@example.com"' })],
    ['in the data of an event', structuredMode(aCapture({ deviceIp: '12.7.8.120' }))],
    [
      'in an attribute of an event',
      structuredMode(aCapture({ amount: 0 }), {
        value: JSON.stringify({ ...cloudEventOf(aCapture({ amount: 0 })), deviceip: '12.7.8.120' }),
      }),
    ],
  ])('%s', async (_, sent) => {
    const letter = await invalidLetter(sent);
    expect(letter).toMatchObject({ key: null, value: null });
    expect(Object.keys(letter.headers).toSorted()).toEqual(
      Object.values(DEAD_LETTER_HEADERS).toSorted(),
    );
    expect(letter.headers['kafka_dlt-exception-message']).toBe(
      'it seems to hold personal data; nothing of it is kept',
    );
    expect(allOf(letter)).not.toMatch(/example|12\.7/);
  });

  it('in a header, of which the other headers are kept', async () => {
    const headers = { email: 'jo@example.com', other: 'kept' };
    const letter = await invalidLetter(recordOf({ value: 'x', headers }));
    expect(Object.keys(letter.headers)).toContain('other');
    expect(Object.keys(letter.headers)).not.toContain('email');
  });
});

describe('a valid command that was not decided', () => {
  const fact = submitted('auth-1', '4111111111111111', succeeded('4012888888881881'));

  it.each<[string, Decided, string, string]>([
    ['a fact under a used id', commandIdReused(fact), 'command_id_reused', 'command.rejected'],
    ['a fact without room', failedAnswer(fact, 'history_full'), 'history_full', 'command.failed'],
    [
      'of a broken stream',
      failedAnswer(fact, 'stream_unusable'),
      'stream_unusable',
      'command.failed',
    ],
    ['by our own fault', failedAnswer(fact, 'internal_error'), 'internal_error', 'command.failed'],
  ])('is kept as it came, whatever its numbers look like: %s', (_, decided, reason, exception) => {
    const { commandId, ...members } = fact.command;
    const record = binaryMode({ ...members, commandId, authorizationId: '4222222222222' });
    const letter = letterOf(record, decided);
    expect([letter.key, letter.value]).toEqual([record.key, record.value]);
    expect(letter.headers).toMatchObject({
      ce_id: [Buffer.from('4111111111111111')],
      ce_type: [Buffer.from('RecordCaptureOutcome')],
      ce_source: [Buffer.from('/shop/checkout')],
      'ledger-reason': reason,
      'kafka_dlt-exception-message': reason,
      'kafka_dlt-exception-fqcn': exception,
    });
  });

  it('keeps no card data in a header that is no part of it', () => {
    const record = binaryMode(aCapture(), { headers: { 'x-note': CARD, cvv: '411' } });
    const letter = letterOf(record, failedAnswer(fact, 'stream_unusable'));
    expect(letter.value).toEqual(record.value);
    expect(Object.keys(letter.headers)).not.toContain('x-note');
    expect(Object.keys(letter.headers)).not.toContain('cvv');
  });

  it('is no dead letter where it is no fact: its refusal stays true', () => {
    const command = submitted('auth-1', 'cmd-1', capture('cap-1', 1));
    expect(commandIdReused(command)).not.toHaveProperty('deadLetter');
  });
});

describe('a dead letter for card data', () => {
  it('is told apart by what the gateway says, even where nothing can be seen', () => {
    const record = plainly(aCapture());
    const answer = { outcome: 'invalid' } as const;
    const deadLetter: DeadLetter = { reason: 'invalid', withheld: 'card data' };
    const letter = deadLetterOf(record, { answer, repeat: false }, deadLetter, DEAD_LETTERS);
    expect(letter).toMatchObject({ key: null, value: null });
  });
});

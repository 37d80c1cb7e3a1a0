import { commandOf, flawsOf, invalidAnswerTo } from './answered.js';
import {
  aCapture,
  CARD,
  cloudEventOf,
  recordOf,
  STRUCTURED,
  structuredMode,
} from './sent-record.js';
import type { Message } from './sent-record.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** A CloudEvent with other attributes, or another value at all. */
const changed = (changes: Message | string, contentType = STRUCTURED) =>
  structuredMode(aCapture(), {
    value:
      typeof changes === 'string'
        ? changes
        : JSON.stringify({ ...cloudEventOf(aCapture()), ...changes }),
    headers: { 'content-type': contentType },
  });

describe('a record in structured mode', () => {
  it('is the command that its attributes and its data say together', () => {
    const record = changed({
      time: '2026-11-21T10:00:00+01:00',
      correlationid: 'basket-17',
      subject: 'captures',
      datacontenttype: 'application/json',
    });
    expect(commandOf(record)).toMatchObject({
      correlationId: 'basket-17',
      command: {
        ...aCapture(),
        merchantAccountId: 'default',
        actor: '/shop/checkout',
        issuedAt: '2026-11-21T09:00:00.000Z',
      },
    });
  });

  it.each([
    'application/cloudevents+json',
    'Application/CloudEvents+JSON',
    ' application/cloudevents+json; charset=utf-8',
    'application/cloudevents+json ;charset=UTF-8',
  ])('is known by its content type: %s', (contentType) =>
    expect(commandOf(changed({}, contentType)).command.commandId).toBe('cmd-1'),
  );

  it('is told again by the trace that it is part of', () => {
    const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    expect(commandOf(structuredMode(aCapture(), { headers })).correlationId).toBe(TRACE);
  });

  it('does not mind attributes that are null', () =>
    expect(commandOf(changed({ time: null, correlationid: null })).command.issuedAt).toBe(
      '2026-11-21T09:00:00.000Z',
    ));

  it('takes no attribute from its headers', () => {
    const headers = { ce_id: 'cmd-2', ce_type: 'VoidAuthorization', ce_source: '/other' };
    expect(commandOf(structuredMode(aCapture(), { headers })).command).toMatchObject({
      type: 'CreateCapture',
      commandId: 'cmd-1',
      actor: '/shop/checkout',
    });
  });

  it('may be as deep and as large as a command alone may be, its own attributes not counted', async () => {
    const metadata = { note: 'x'.repeat(500) };
    const deep = { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } };
    expect(await flawsOf(structuredMode(aCapture({ deep })))).toEqual([
      '/deep must be left out: there is no member of this name here',
    ]);
    expect(await flawsOf(structuredMode(aCapture({ deep: { deep } })))).toContain(
      'must be nested at most 8 deep',
    );
    const subject = 's'.repeat(7_000);
    const cartItems = Array.from({ length: 117 }, () => ({
      name: 'x'.repeat(250),
      quantity: 1,
      unitAmount: 1,
      productUrl: `https://example.com/${'x'.repeat(200)}`,
    }));
    const large = aCapture({ metadata, cartItems });
    const event = JSON.stringify({ ...cloudEventOf(large), subject });
    expect(event.length).toBeGreaterThan(64 * 1024);
    expect(commandOf(changed(event)).command.commandId).toBe('cmd-1');
  });
});

const DATA = '/data must be the object with the command’s members';

describe('a record in structured mode is invalid', () => {
  it.each([
    'application/cloudevents',
    'application/cloudevents+avro',
    'application/cloudevents-batch+json',
    'application/cloudevents+jsonlines',
  ])('as %s', async (contentType) =>
    expect(await flawsOf(changed({}, contentType))).toContain(
      'must be one CloudEvent as application/cloudevents+json',
    ),
  );

  it.each<[string, Message | string, string]>([
    ['of no version', { specversion: undefined }, '/specversion must be "1.0"'],
    ['of another version', { specversion: '0.3' }, '/specversion must be "1.0"'],
    ['of a version that is a number', { specversion: 1.0 }, '/specversion must be "1.0"'],
    ['without data', { data: undefined }, DATA],
    ['with data that is null', { data: null }, DATA],
    ['with data that is a list', { data: [] }, DATA],
    ['with data that is a text', { data: JSON.stringify(aCapture()) }, DATA],
    ['with data in Base64', { data: undefined, data_base64: 'e30=' }, DATA],
    ['with an id that is a number', { id: 17 }, '/id must be a text'],
    ['with a type that is a list', { type: ['CreateCapture'] }, '/type must be a text'],
    ['with a source that is an object', { source: {} }, '/source must be a text'],
    ['with a time that is a number', { time: 0 }, '/time must be a text'],
    ['with a correlation that is true', { correlationid: true }, '/correlationid must be a text'],
    ['with no id', { id: undefined }, '/id must be there'],
    [
      'with a source that is too long',
      { source: 'x'.repeat(301) },
      '/source must be a text of 1 to 300 characters',
    ],
    ['with no value', '', 'there is no value: it must be the command’s members as JSON'],
    ['that is no JSON', '{"specversion":"1.0"', 'must be JSON; it is not at character 20'],
    ['that is a batch', '[]', 'must be a JSON object'],
    [
      'with an attribute twice',
      '{"specversion":"1.0","id":"a","id":"b"}',
      '/id must be there only once',
    ],
    ['with __proto__', '{"specversion":"1.0","__proto__":{}}', '/__proto__ must be left out'],
    [
      'with a number that is no number',
      '{"specversion":"1.0","data":{"amount":1e400}}',
      '/data must hold no number so large',
    ],
    [
      'with such a number deep inside',
      '{"specversion":"1.0","data":{"a":[{"b":-1e999}]}}',
      '/data must hold no number so large',
    ],
    [
      'with an amount between two numbers',
      '{"specversion":"1.0","data":{"amount":100.00000000000000001}}',
      'must hold no number with so long a fraction',
    ],
    [
      'with an unknown member',
      { data: { ...aCapture(), amout: 1 } },
      '/amout must be left out: there is no member of this name here',
    ],
    [
      'with a key of another authorization',
      { data: { authorizationId: 'auth-2' } },
      '/authorizationId must be what its path, header or key says, or be left out',
    ],
  ])('%s', async (_, changes, flaw) => {
    const flaws = await flawsOf(changed(changes));
    expect(flaws).toContain(flaw);
    expect(new Set(flaws).size).toBe(flaws.length);
  });

  it.each<[string, Message]>([
    ['version', { specversion: '0.3' }],
    ['data', { data: 'x' }],
    ['source', { source: 17 }],
  ])(
    'by its %s, and is answered under its id, with no word of what is right',
    async (_, changes) => {
      const { answer } = await invalidAnswerTo(changed(changes));
      expect(answer).toMatchObject({
        commandId: 'cmd-1',
        commandType: 'CreateCapture',
        authorizationId: 'auth-1',
      });
      expect(answer.errors).not.toContainEqual(
        expect.objectContaining({ pointer: expect.stringMatching(/^\/(id|commandId|type)$/) }),
      );
    },
  );

  it('where an amount is too large to be one: it is never taken for one that was left out', async () => {
    const all = JSON.stringify(cloudEventOf(aCapture())).replace('7000', '1e400');
    expect(await flawsOf(changed(all))).toContain('/data must hold no number so large');
  });

  it('with card data, and known to hold it', async () => {
    const { deadLetter } = await invalidAnswerTo(changed({ data: { note: CARD } }));
    expect(deadLetter).toEqual({ reason: 'invalid', withheld: 'card data' });
  });

  it('with no value at all', async () =>
    expect(
      await flawsOf(recordOf({ value: null, headers: { 'content-type': STRUCTURED } })),
    ).toEqual(['there is no value: it must be the command’s members as JSON']));

  it('without data, and says no more', async () => {
    const flaws = ['/data must be the object with the command’s members'];
    expect(await flawsOf(changed({ data: undefined }))).toEqual(flaws);
    expect(await flawsOf(changed({ data: undefined, id: undefined }))).toEqual(flaws);
  });
});

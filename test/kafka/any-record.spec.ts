import { fc, test } from '@fast-check/jest';
import type { Answer } from '#commands/answer.js';
import { parseCommand } from '#commands/parse-command.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import { commandIn } from '#kafka/command-record.js';
import type { InboundRecord } from '#kafka/records.js';
import { commandTypes, messageOf, NOW, payloads } from '../commands/messages.js';
import { startConsumer, startLedger, workedOff } from './consumer-under-test.js';
import type { ConsumerUnderTest, LedgerUnderTest } from './consumer-under-test.js';
import {
  aCapture,
  binaryMode,
  CARD,
  cloudEventOf,
  overHttp,
  plainly,
  recordOf,
  STRUCTURED,
  structuredMode,
} from './sent-record.js';
import type { Message } from './sent-record.js';

let ledger: LedgerUnderTest;
let consumer: ConsumerUnderTest;

beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.stop());
beforeEach(async () => {
  consumer = await startConsumer({ answer: (incoming) => ledger.gateway.receive(incoming) });
});

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => Buffer.from(text)),
);

const names = ['ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_specversion', 'ce_correlationid'];
const others = ['content-type', 'traceparent', 'kafka_correlationId', 'kafka_replyTopic'];
const strange = ['kafka_replyPartition', 'ledger-reason', '__proto__', 'constructor', ''];

const anyHeaderValue = fc.oneof(
  anyBytes,
  fc
    .constantFrom('cmd-1', 'CreateCapture', '1.0', STRUCTURED, 'shop.reply', '1', NOW, CARD, '')
    .map((text) => Buffer.from(text)),
);

const anyHeaders = fc
  .uniqueArray(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(...names, ...others, ...strange),
        fc.string({ unit: 'binary', maxLength: 9 }),
      ),
      fc.array(anyHeaderValue, { maxLength: 3 }),
    ),
    { selector: ([name]) => name, maxLength: 8 },
  )
  .map((headers) => new Map(headers));

/** Commands, with anything for some member. */
const anyMessage = fc
  .constantFrom(...commandTypes)
  .chain((type) =>
    fc
      .dictionary(
        fc.constantFrom(...Object.keys(payloads[type].most), 'commandId', 'surprise', '__proto__'),
        fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(CARD)),
        { maxKeys: 2 },
      )
      .map((changes): Message => messageOf(type, { ...payloads[type].least, ...changes })),
  );

const anyValue = fc.oneof(
  fc.constant(null),
  anyBytes,
  fc.json({ maxDepth: 9 }).map((json) => Buffer.from(json)),
  anyMessage.map((message) => Buffer.from(JSON.stringify(message))),
  anyMessage.map((message) => Buffer.from(JSON.stringify(cloudEventOf(message)))),
);

const anyRecord: fc.Arbitrary<InboundRecord> = fc.record({
  topic: fc.constant('capture.commands.v1'),
  partition: fc.nat(2),
  offset: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  key: fc.oneof(fc.constant(null), anyBytes, fc.constant(Buffer.from('auth-1'))),
  value: anyValue,
  headers: anyHeaders,
  timestamp: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-1, 0, Number.NaN, Infinity)),
});

/** Every record has its answer, in its turn, and a dead letter where it needs one. */
const expectAnswered = async (records: readonly InboundRecord[]): Promise<void> => {
  consumer.sink.published.length = 0;
  await workedOff(consumer, consumer.hand(records));
  const answers = consumer.published('answers');
  expect(answers).toHaveLength(records.length);
  const said = answers.map(({ value }) => JSON.parse(String(value)) as Answer);
  for (const [index, { headers, key }] of answers.entries()) {
    const { outcome } = said[index]!;
    expect(headers['ce_type']).toBe(`Command${outcome[0]!.toUpperCase()}${outcome.slice(1)}`);
    const { topic, partition, offset } = records[index]!;
    const starts = [`${topic}/${partition}/${offset}`, `${String(key)}/`];
    expect(starts.some((start) => String(headers['ce_id']).startsWith(start))).toBe(true);
  }
  const letters = consumer.published('deadLetters');
  const ofInvalid = letters.filter(({ headers }) => headers['ledger-reason'] === 'invalid');
  expect(ofInvalid.map(({ headers }) => headers['kafka_dlt-original-offset'])).toEqual(
    records.flatMap(({ offset }, n) => (said[n]!.outcome === 'invalid' ? String(offset) : [])),
  );
  for (const { headers } of letters) {
    expect(['invalid', 'command_id_reused']).toContain(headers['ledger-reason']);
  }
  for (const letter of letters) {
    expect(JSON.stringify([letter.key, letter.value, letter.headers])).not.toContain(CARD);
  }
};

describe('Whatever a sender writes', () => {
  test.prop([fc.array(anyRecord, { minLength: 20, maxLength: 60 })], { numRuns: 60 })(
    'is answered, each in its turn, and what is no command is kept for somebody to look at',
    (records) => expectAnswered(records),
  );

  it('is what these tests are about: commands and rubbish, in turns', async () => {
    const records = fc.sample(anyRecord, { numRuns: 1_000, seed: 20_261_121 });
    const parsed = records.map((record) => parseCommand(commandIn(record), NOW).ok);
    expect(parsed.filter((ok) => ok).length).toBeGreaterThan(10);
    expect(parsed.filter((ok) => !ok).length).toBeGreaterThan(500);
  });
});

/** The same command in every way in which it can come, its members as they are written. */
const everyWay = (members: string, { type, commandId }: Message): readonly IncomingCommand[] => {
  const [id, name] = [JSON.stringify(commandId), JSON.stringify(type)];
  const event = `{"specversion":"1.0","id":${id},"type":${name},"data":{${members}}}`;
  return [
    { ...overHttp({ type, commandId }), authorizationId: 'auth-1', body: `{${members}}` },
    commandIn(
      binaryMode({ type, commandId, authorizationId: 'auth-1' }, { value: `{${members}}` }),
    ),
    commandIn(structuredMode(aCapture(), { value: event })),
    commandIn(recordOf({ value: `{"commandId":${id},"type":${name},${members}}` })),
  ];
};

/** A command's fingerprint and what it asks for, or that it is none. */
const readAs = (incoming: IncomingCommand): unknown => {
  const parsed = parseCommand(incoming, NOW);
  if (!parsed.ok) return 'invalid';
  const { fingerprint, stream, sent } = parsed.command;
  return { fingerprint, stream, sent: JSON.stringify(sent) };
};

const expectSame = (ways: readonly IncomingCommand[]): void => {
  const [first, ...rest] = ways.map(readAs);
  for (const other of rest) expect(other).toEqual(first);
};

const anyNumber = fc.constantFrom(
  '7000',
  '7e3',
  '7000.0',
  '70.00e2',
  '7000.00000000000000001',
  '70.5',
  '0',
  '-0',
  '-1',
  '1e400',
  '-1e400',
  '1e21',
  '9007199254740991',
  '9007199254740993',
  'null',
  '"7000"',
  '{}',
);

describe('The same command', () => {
  test.prop([anyNumber, anyNumber], { numRuns: 400 })(
    'is the same over HTTP and in every mode, however its numbers are written',
    (amount, weight) => {
      const members = `"captureId":"cap-1","amount":${amount},"metadata":{"weight":${weight}}`;
      expectSame(everyWay(members, aCapture()));
    },
  );

  test.prop([anyMessage], { numRuns: 400 })(
    'is the same over HTTP and in every mode, whatever it says',
    ({ type, commandId: _, authorizationId: __, ...members }) => {
      const text = JSON.stringify(members).slice(1, -1);
      fc.pre(text !== '');
      expectSame(everyWay(text, { type, commandId: 'cmd-1' }));
    },
  );

  it.each(commandTypes)(
    'gets the same bytes over HTTP and in every mode, and is decided once: %s',
    async (type) => {
      const authorizationId = `same-${type}`;
      const message = messageOf(type, { ...payloads[type].most, authorizationId });
      const over = await ledger.gateway.receive({ ...overHttp(message), authorizationId });
      expect(over.repeat).toBe(false);
      const records = [binaryMode(message), structuredMode(message), plainly(message)];
      await workedOff(consumer, consumer.hand(records));
      expect(consumer.published('answers')).toHaveLength(3);
      for (const { value, headers } of consumer.published('answers')) {
        expect(value).toBe(JSON.stringify(over.answer));
        expect(headers['ledger-repeat']).toBe('true');
      }
      const events = await ledger.store.readStream(`authorization-default/${authorizationId}`);
      const commandIds = events.map(({ metadata }) => JSON.parse(metadata).commandId as string);
      expect(new Set(commandIds)).toEqual(new Set(['cmd-1']));
    },
  );
});

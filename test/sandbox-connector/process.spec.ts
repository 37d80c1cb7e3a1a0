import { relative } from 'node:path';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { InboundRecord } from '#kafka/records.js';
import { topicNames } from '#kafka/topic-names.js';
import type { TopicNames } from '#kafka/topic-names.js';
import { onKafka } from '../journeys/kafka-ledger.js';
import { cleanUp, Program } from '../journeys/program.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import {
  createTopics,
  plainClient,
  produce,
  readAll,
  readUntil,
  uniquePrefix,
} from '../kafka/topics.js';
import { captureCreated, published, recorded, recordsTo } from './heard.js';

afterEach(cleanUp);

const SOURCES = 'dist/apps/capture-ledger/src';

const start = (environment: Readonly<Record<string, string>>): Program =>
  new Program(relative(SOURCES, 'dist/apps/sandbox-connector/src/main.js'), [], environment);

/** One that dies when its first commands are acknowledged. */
const startDying = (environment: Readonly<Record<string, string>>): Program =>
  new Program(relative(SOURCES, 'test/sandbox-connector/dying-connector.ts'), [], environment);

let number = 0;

/** A capture of an authorization of its own, or of one that is named. */
const captureOf = (amount: number, authorizationId = `auth-${(number += 1)}`): RecordedEvent =>
  recorded(captureCreated(amount), {
    eventId: `event-${(number += 1)}`,
    stream: `authorization-default/${authorizationId}`,
    recordedAt: Date.now(),
  });

/** Commands by their id, in the bytes in which they were sent; the same one only once. */
const commandsIn = (records: readonly InboundRecord[]): ReadonlySet<string> =>
  new Set(records.map(({ key, value, headers }) => bytesOf(key, value, [...headers])));

const expectedOf = (...events: readonly RecordedEvent[]): ReadonlySet<string> =>
  new Set(
    events
      .flatMap((event) => recordsTo(event))
      .map(({ key, value, headers }) =>
        bytesOf(
          key,
          value,
          Object.entries(headers).map(([name, one]) => [name, [one]]),
        ),
      ),
  );

const bytesOf = (
  key: unknown,
  value: unknown,
  headers: readonly (readonly [string, readonly unknown[]])[],
): string =>
  JSON.stringify([
    String(key),
    String(value),
    headers.map(([name, ones]) => [name, ones.map(String)]),
  ]);

describeWithKafka('a sandbox connector on Kafka', () => {
  let address: string;
  let environment: Readonly<Record<string, string>>;
  let topics: TopicNames;

  beforeEach(async () => {
    address = await sharedBroker();
    const prefix = uniquePrefix();
    environment = onKafka(address, prefix);
    topics = topicNames(prefix);
    await createTopics(address, [topics.events, topics.commands]);
  });

  const publish = (...events: readonly RecordedEvent[]): Promise<void> =>
    produce(address, topics.events, events.map(published));

  /** Everything that was sent, as soon as all of that is among it. */
  const sent = (wanted: ReadonlySet<string>): Promise<readonly InboundRecord[]> =>
    readUntil(address, topics.commands, (records) => {
      const there = commandsIn(records);
      return [...wanted].every((one) => there.has(one));
    });

  it('that is killed before its offsets are committed sends the same again, and nothing else', async () => {
    const events = [700, 701, 702, 703, 704, 706, 700].map((amount) => captureOf(amount));
    await publish(...events);
    const dying = startDying(environment);
    await expect(dying.ended()).resolves.toBe('SIGKILL');
    const before = await readAll(address, topics.commands);
    expect(before.length).toBeGreaterThan(0);

    const second = start(environment);
    const again = before.length + events.flatMap((event) => recordsTo(event)).length;
    const after = await readUntil(address, topics.commands, ({ length }) => length >= again);
    expect(commandsIn(after)).toEqual(expectedOf(...events));
    await second.stop();

    // What is committed is not heard again.
    const third = start(environment);
    const last = captureOf(701);
    await publish(last);
    await sent(expectedOf(last));
    await third.stop();
    expect((await readAll(address, topics.commands)).length).toBe(again + 1);
  });

  it('holds up nobody with a late success, and owes it still after it was killed', async () => {
    const late = captureOf(705, 'auth-late');
    const [pending, success] = [...expectedOf(late)];
    await publish(late);
    const first = start({ ...environment, SANDBOX_LATE_MS: '600000' });
    await sent(new Set([pending!]));
    const behind = captureOf(701, 'auth-late');
    await publish(behind);
    expect(commandsIn(await sent(expectedOf(behind)))).not.toContain(success);
    first.kill('SIGKILL');
    await first.ended();

    const patient = start({ ...environment, SANDBOX_LATE_MS: '600000' });
    await patient.says(/"group":"sandbox-connector-late".*consuming/, 'stderr');
    await patient.stop();
    expect(commandsIn(await readAll(address, topics.commands))).not.toContain(success);

    const second = start({ ...environment, SANDBOX_LATE_MS: '0' });
    expect(commandsIn(await sent(new Set([success!])))).toEqual(expectedOf(late, behind));
    await second.stop();
  });

  it('passes over what it cannot read, and what was never committed', async () => {
    const aborted = captureOf(702);
    await publishAborted(aborted);
    await produce(address, topics.events, [
      { key: 'x', value: 'no event' },
      { key: 'x', value: null, headers: { ce_type: 'CaptureCreated' } },
      { key: 'x', value: '{}', headers: { ce_type: 'Unheard' } },
    ]);
    const events = [701, 701, 701].map((amount) => captureOf(amount));
    await publish(...events);
    const program = start(environment);
    expect(commandsIn(await sent(expectedOf(...events)))).toEqual(expectedOf(...events));
    await program.stop();
    expect(program.stderr.match(/an event is passed over/g)).toHaveLength(3);
  });

  const publishAborted = async (event: RecordedEvent): Promise<void> => {
    const producer = plainClient(address).producer({
      transactionalId: topics.events,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: topics.events, messages: [published(event)] });
    await transaction.abort();
    await producer.disconnect();
  };

  it('answers the merchant accounts that it is told to answer', async () => {
    const others = recorded(captureCreated(701), { stream: 'authorization-bakery/auth-1' });
    const ours = recorded(captureCreated(702), { stream: 'authorization-shop/auth-1' });
    await publish(others, ours);
    const program = start({ ...environment, SANDBOX_MERCHANT_ACCOUNTS: 'shop,cafe' });
    expect(commandsIn(await sent(expectedOf(ours)))).toEqual(expectedOf(ours));
    await program.stop();
  });
});

describe('a sandbox connector', () => {
  it('that finds no broker tries again until it is told to stop', async () => {
    const program = start({ KAFKA_BROKERS: '127.0.0.1:1' });
    await program.says(/no events come from Kafka/, 'stderr');
    await expect(program.stop()).resolves.toBeUndefined();
  });

  it.each([
    [{}, /There are no events to follow \(KAFKA_BROKERS is empty\)/],
    [{ SANDBOX_LATE_MS: 'soon' }, /SANDBOX_LATE_MS is wrong .*0 to 600000/],
    [{ SANDBOX_LATE_MS: '600001' }, /SANDBOX_LATE_MS is wrong/],
    [{ SANDBOX_MERCHANT_ACCOUNTS: 'a,,b' }, /SANDBOX_MERCHANT_ACCOUNTS is wrong/],
    [
      { SANDBOX_MERCHANT_ACCOUNT: 'a' },
      /SANDBOX_MERCHANT_ACCOUNT is wrong .*SANDBOX_MERCHANT_ACCOUNTS/,
    ],
    [{ LEDGER_KAFKA_TLS: 'perhaps' }, /LEDGER_KAFKA_TLS is "perhaps"/],
  ])('does not start with %j', async (environment: Readonly<Record<string, string>>, why) => {
    const program = start(environment);
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stderr).toMatch(why);
  });
});

import { randomBytes } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Admin, IHeaders, ITopicConfig, Message, SeekEntry } from 'kafkajs';
import type { InboundRecord } from '#kafka/records.js';
import { withAdmin } from '#kafka/with-admin.js';
import { until, untilAnswered } from './until.js';

/** Partitions of a topic of a test: 24 would be thousands on one small broker. */
export const PARTITIONS = 3;

/** Milliseconds that records may take to arrive before a test is told that they did not. */
const PATIENCE = 60_000;

/** What the names of a suite's topics and groups begin with on a broker that others use, too: `t-1a2b3c4d.`. */
export const uniquePrefix = (): string => `t-${randomBytes(4).toString('hex')}.`;

/** A client as a stranger would have it, plain kafkajs, which says nothing on its own. */
export const plainClient = (address: string): Kafka =>
  new Kafka({
    clientId: 'test',
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 12 },
  });

/** Does what an operator would do on the cluster. */
export const asOperator = <Result>(
  address: string,
  task: (admin: Admin) => Promise<Result>,
): Promise<Result> => withAdmin(plainClient(address), task);

/** Makes topics with `PARTITIONS` partitions; resolves when they can be used. */
export const createTopics = (
  address: string,
  topics: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  return create(
    address,
    topics.map((topic) => ({ topic, numPartitions: PARTITIONS, configEntries })),
  );
};

/** Makes one with other partitions, or on brokers of our choice; resolves when it can be used. */
export const createTopic = (address: string, topic: ITopicConfig): Promise<void> =>
  create(address, [topic]);

const create = (address: string, topics: ITopicConfig[]): Promise<void> =>
  asOperator(address, async (admin) => {
    // kafkajs' own wait gives up where a node has not heard of the topic yet.
    await admin.createTopics({ waitForLeaders: false, topics });
    for (const { topic } of topics) {
      await untilAnswered(`${topic} can be used`, () => admin.fetchTopicOffsets(topic));
    }
  });

/** Deletes a topic; resolves when it is gone. */
export const deleteTopic = (address: string, topic: string): Promise<void> =>
  asOperator(address, async (admin) => {
    await admin.deleteTopics({ topics: [topic] });
    await until(`${topic} is gone`, async () => !(await admin.listTopics()).includes(topic));
  });

/** Writes records in one send, acknowledged by all replicas. A record without `partition` goes where its key says. */
export const produce = async (
  address: string,
  topic: string,
  messages: readonly Message[],
): Promise<void> => {
  const producer = plainClient(address).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    await producer.send({ topic, messages: [...messages] });
  } finally {
    await producer.disconnect();
  }
};

/** Everything that is committed on a topic now, to its end; each partition in its order. */
export const readAll = async (
  address: string,
  topic: string,
): Promise<readonly InboundRecord[]> => {
  const offsets = await offsetsOf(address, topic);
  // The last offset may be a transaction's marker, which no reader ever sees: positions are compared.
  const missing = new Map(
    offsets
      .filter(({ low, high }) => BigInt(low) < BigInt(high))
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
  if (missing.size === 0) return [];
  return follow(address, topic, (_records, { partition, next }) => {
    if (next >= (missing.get(partition) ?? 0n)) missing.delete(partition);
    return missing.size === 0;
  });
};

/**
 * Reads a topic from its beginning until `enough`.
 *
 * @throws {Error} when that takes longer than half a minute, with the number of records there are.
 */
export const readUntil = (
  address: string,
  topic: string,
  enough: (records: readonly InboundRecord[]) => boolean,
): Promise<readonly InboundRecord[]> => follow(address, topic, enough);

/** Asks again while a leader is being elected: kafkajs does not, here. */
const offsetsOf = (
  address: string,
  topic: string,
): Promise<readonly (SeekEntry & Readonly<{ low: string; high: string }>)[]> =>
  asOperator(address, (admin) =>
    untilAnswered(`${topic} has a leader`, () => admin.fetchTopicOffsets(topic)),
  );

type Position = Readonly<{ partition: number; next: bigint }>;

const follow = async (
  address: string,
  topic: string,
  enough: (records: readonly InboundRecord[], at: Position) => boolean,
): Promise<readonly InboundRecord[]> => {
  const records: InboundRecord[] = [];
  const consumer = plainClient(address).consumer({
    groupId: `reader-${randomBytes(8).toString('hex')}`,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  });
  const done = Promise.withResolvers<void>();
  const late = setTimeout(
    () => done.reject(new Error(`${topic} still has only ${records.length} records`)),
    PATIENCE,
  );
  // eachBatch is not called for a batch of markers alone; this event comes all the same.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    if (enough(records, { partition, next: BigInt(lastOffset) + 1n })) done.resolve();
  });
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (!restart) done.reject(error);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { key, value, offset, headers, timestamp } of batch.messages) {
          records.push({
            topic,
            partition: batch.partition,
            offset: BigInt(offset),
            key,
            value,
            headers: headersOf(headers),
            timestamp: Number(timestamp),
          });
        }
      },
    });
    await done.promise;
    return [...records];
  } finally {
    clearTimeout(late);
    await consumer.disconnect();
  }
};

const headersOf = (headers: IHeaders = {}): InboundRecord['headers'] =>
  new Map(
    Object.entries(headers).map(([name, value]) => [
      name,
      [value ?? []].flat().map((one) => Buffer.from(one)),
    ]),
  );

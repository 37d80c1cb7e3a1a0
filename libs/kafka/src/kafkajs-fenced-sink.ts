import type { Kafka, Producer, Transaction } from 'kafkajs';
import type { Clock } from '#runtime/clock.js';
import { fencedOr } from './fenced-sink.js';
import type { FencedChannel, FencedRecord, FencedTopics } from './fenced-sink.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import { partitionOf } from './partition-of.js';
import { chosenPartition, partsOf, removeAcknowledged, topicMessages } from './record-parts.js';
import type { Part, PlacedRecord } from './record-parts.js';
import { UnacknowledgedRecords } from './record-sink.js';
import type { InboundRecord } from './records.js';
import { TopicPartitions } from './topic-partitions.js';
import { TopicReader } from './topic-reader.js';
import { withAdmin } from './with-admin.js';

/** Milliseconds after which the broker aborts a transaction that its producer has left alone. */
const TRANSACTION_TIMEOUT = 15_000;

/** Milliseconds that a broker waits for its replicas; less than the client waits for the broker. */
const ACKS_TIMEOUT = 8_000;

/** Milliseconds for fencing. */
const FENCE_TIMEOUT = 30_000;

/** Milliseconds for a look: to join a group, so as to read, takes three seconds on brokers as they come. */
const LOOK_TIMEOUT = 60_000;

const HEADERS = { 'content-type': 'application/json' };

export type KafkajsFencedSinkParts = Readonly<{
  connection: KafkaConnection;
  clock: Clock;
  log: KafkaLog;
  /** Whose publisher it is. Its checkpoint is in the partition of its number, under its number. */
  shard: number;
  /** Producers of the same name fence one another. */
  transactionalId: string;
  topics: FencedTopics;
}>;

/**
 * One Kafka transaction for each call: all records, acknowledged, and the checkpoint, or nothing. A producer
 * is used until its first failure, and never again; which of them may write is the broker's to say.
 */
export class KafkajsFencedSink {
  readonly #parts: KafkajsFencedSinkParts;
  readonly #client: Kafka;
  readonly #reader: TopicReader;
  #producer: Producer | undefined;
  #partitions: TopicPartitions | undefined;
  /** Where all ends that others committed; undefined where it is not fenced, or has published since. */
  #ends: ReadonlyMap<number, bigint> | undefined;
  /** Aborted when it is closed. */
  #reading = new AbortController();

  constructor(parts: KafkajsFencedSinkParts) {
    const { connection, clock, log, transactionalId } = parts;
    this.#parts = parts;
    this.#client = kafkajsClient(connection, 'publisher', log);
    this.#reader = new TopicReader({ connection, clock, log, groupPrefix: `${transactionalId}-` });
  }

  /**
   * Refuses every other producer of its name from here on, and ends what they had under way.
   *
   * @throws kafkajs' error, or that it took too long: it is closed.
   */
  async fence(): Promise<void> {
    await this.close();
    const producer = this.#newProducer();
    this.#producer = producer;
    this.#partitions = new TopicPartitions(this.#client, this.#parts.clock);
    const fence = async (): Promise<bigint> => {
      await producer.connect();
      return this.#fence(producer);
    };
    const mark = await this.#orClose(this.#within(FENCE_TIMEOUT, fence()));
    this.#ends = new Map([[this.#parts.shard, mark + 2n]]);
  }

  /**
   * The checkpoint that was committed last, or null where there is none. Once it has fenced, and until it
   * publishes, it reads as far as the fence's own mark of its end. To read what can be seen now would not do:
   * what was just committed cannot be seen before its marks are written, and nothing behind an open
   * transaction.
   *
   * @throws kafkajs' error, or that it took too long: it is closed.
   */
  async lastCheckpoint(): Promise<Buffer | null> {
    const look = async (): Promise<Buffer | null> => {
      let last: Buffer | null = null;
      for await (const page of this.#read('checkpoints', this.#ends))
        for (const { key, value } of page)
          if (key?.toString() === `${this.#parts.shard}`) last = value;
      return last;
    };
    return this.#orClose(this.#within(LOOK_TIMEOUT, look()));
  }

  /**
   * Writes all of it in one transaction. After a rejection it is closed, and it is not known whether the
   * transaction was committed: {@link fence} and {@link lastCheckpoint} tell.
   *
   * @throws {PublisherFenced} another has been opened under its name, or the broker took this one for dead.
   * @throws {UnacknowledgedRecords} or kafkajs' error.
   */
  async publish(records: readonly FencedRecord[], checkpoint: Buffer): Promise<void> {
    const producer = this.#producer;
    const partitions = this.#partitions;
    if (!producer || !partitions) throw new Error('closed');
    this.#ends = undefined;
    const commit = async (): Promise<void> => {
      const parts = partsOf(await this.#placed(records, checkpoint, partitions));
      const transaction = await producer.transaction();
      await this.#send(transaction, parts);
      // kafkajs connects again, and sends after all, what was given up long ago.
      if (this.#producer !== producer) throw new Error('closed');
      await transaction.commit();
    };
    // The broker has aborted what takes longer.
    await this.#orClose(this.#within(TRANSACTION_TIMEOUT, commit()));
  }

  /**
   * Whether the events' topic has any record that is committed: one that was aborted is no event.
   *
   * @throws kafkajs' error, or that it took too long: it is closed.
   */
  async holdsEvents(): Promise<boolean> {
    const look = async (): Promise<boolean> => {
      for await (const page of this.#read('events')) if (page.length > 0) return true;
      return false;
    };
    return this.#orClose(this.#within(LOOK_TIMEOUT, look()));
  }

  /**
   * Those of the channels whose topics have no partition to which anything was ever written, be it aborted since.
   *
   * @throws kafkajs' error, or that it took too long: it is closed.
   */
  async neverWritten(channels: readonly FencedChannel[]): Promise<ReadonlySet<FencedChannel>> {
    const { topics } = this.#parts;
    const look = withAdmin(this.#client, async (admin) => {
      const offsets = await Promise.all(
        channels.map((channel) => admin.fetchTopicOffsets(topics[channel])),
      );
      const isEmpty = offsets.map((partitions) => partitions.every(({ high }) => high === '0'));
      return new Set(channels.filter((_, index) => isEmpty[index]));
    });
    return this.#orClose(this.#within(LOOK_TIMEOUT, look));
  }

  /** The keys of a view's topic, in pages, as of now: more than once, and deleted ones too. */
  async *keys(view: FencedChannel): AsyncGenerator<readonly string[], void> {
    if (!this.#producer) throw new Error('closed');
    for await (const page of this.#read(view)) {
      yield page.flatMap(({ key, value }) => (key && value ? [key.toString()] : []));
    }
  }

  /** Never rejects. A transaction that is under way is left to the next one who fences, or to its timeout. */
  async close(): Promise<void> {
    this.#reading.abort(new Error('closed'));
    this.#reading = new AbortController();
    this.#ends = undefined;
    const producer = this.#producer;
    const partitions = this.#partitions;
    this.#producer = undefined;
    this.#partitions = undefined;
    await Promise.all([producer?.disconnect().catch(() => undefined), partitions?.close()]);
  }

  #newProducer(): Producer {
    return this.#client.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      transactionalId: this.#parts.transactionalId,
      transactionTimeout: TRANSACTION_TIMEOUT,
      allowAutoTopicCreation: false,
      createPartitioner: chosenPartition,
    });
  }

  /**
   * kafkajs asks for a producer's id, which is the fence, with its first transaction and nowhere else. That
   * one is aborted, and what it wrote marks a place: all that was ever committed before is before it.
   *
   * @returns its offset in the shard's partition of the checkpoints.
   */
  async #fence(producer: Producer): Promise<bigint> {
    const { topics, shard } = this.#parts;
    const transaction = await producer.transaction();
    const messages = [{ key: `fence-${shard}`, value: '', partition: shard }];
    const [ack] = await transaction.send({ topic: topics.checkpoints, messages });
    await transaction.abort();
    if (ack?.baseOffset === undefined) throw new UnacknowledgedRecords([topics.checkpoints]);
    return BigInt(ack.baseOffset);
  }

  /** @throws that it was closed: what was read until then is not all. */
  async *#read(
    channel: FencedChannel | 'checkpoints',
    ends?: ReadonlyMap<number, bigint>,
  ): AsyncGenerator<readonly InboundRecord[], void> {
    const { signal } = this.#reading;
    yield* this.#reader.read(this.#parts.topics[channel], signal, ends);
    signal.throwIfAborted();
  }

  async #placed(
    records: readonly FencedRecord[],
    checkpoint: Buffer,
    known: TopicPartitions,
  ): Promise<readonly PlacedRecord[]> {
    const { topics, shard } = this.#parts;
    const partitions = new Map<FencedChannel, number>();
    for (const { channel } of records) {
      if (!partitions.has(channel)) partitions.set(channel, await known.of(topics[channel]));
    }
    const placed = records.map(({ channel, key, value, headers }): PlacedRecord => {
      const partition = partitionOf(key, partitions.get(channel)!);
      return { topic: topics[channel], key, value, headers, partition };
    });
    const topic = topics.checkpoints;
    placed.push({ topic, key: `${shard}`, value: checkpoint, headers: HEADERS, partition: shard });
    return placed;
  }

  /** No second round: where a share was not acknowledged, all of it is done again. */
  async #send(transaction: Transaction, parts: readonly Part[]): Promise<void> {
    try {
      for (const part of parts) {
        const sent = { acks: -1, timeout: ACKS_TIMEOUT, topicMessages: topicMessages(part) };
        removeAcknowledged(part, await transaction.sendBatch(sent));
        if (part.size > 0) throw new UnacknowledgedRecords([...part.keys()]);
      }
    } catch (error) {
      // So that readers need not wait for the next one who fences.
      await transaction.abort().catch(() => undefined);
      throw error;
    }
  }

  async #orClose<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      await this.close();
      throw fencedOr(error);
    }
  }

  /** kafkajs tries on its own for minutes, also on connections that were closed: those are closed once more. */
  async #within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
    const producer = this.#producer;
    const over = new AbortController();
    const late = this.#parts.clock.wait(milliseconds, over.signal).then(() => 'late' as const);
    try {
      const first = await Promise.race([work.then((result) => ({ result })), late]);
      if (first !== 'late') return first.result;
      const settled = () => producer?.disconnect().catch(() => undefined);
      void work.then(settled, settled);
      throw new Error(`not done within ${milliseconds} ms`);
    } finally {
      over.abort();
    }
  }
}

import type { Producer } from 'kafkajs';
import type { Clock } from '#runtime/clock.js';
import { Connected } from './connected.js';
import type { CopyFailure, CopySink } from './copy-sink.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import type { KafkaObserver } from './kafka-observer.js';
import { kafkajsClient } from './kafkajs-client.js';
import { brokersNameOf } from './kafkajs-errors.js';
import {
  chosenPartition,
  partsOf,
  placed,
  removeAcknowledged,
  topicMessages,
} from './record-parts.js';
import type { OutRecord } from './records.js';
import { TopicPartitions } from './topic-partitions.js';

/** Topics that are written to at the same time: callers name as many as they like. */
const AT_ONCE = 8;

/** Milliseconds for which a topic that could not be written to is not tried again: it costs a group time. */
const REFUSED_FOR = 5_000;

/** Topics of which that is remembered; beyond this the oldest is forgotten. */
const REFUSED_MAX = 1_000;

/**
 * Copies for callers: a client, a producer and a send of their own for each topic, so that whatever a
 * caller named, and whatever became of it, is nobody else's trouble.
 */
export class KafkajsCopySink implements CopySink {
  readonly #clock: Clock;
  readonly #observer: Pick<KafkaObserver, 'copyFailed'>;
  readonly #producer: Connected<Producer>;
  readonly #partitions: TopicPartitions;
  readonly #refused = new Map<string, Failure & Readonly<{ until: number }>>();

  constructor(
    parts: Readonly<{
      connection: KafkaConnection;
      clock: Clock;
      observer: Pick<KafkaObserver, 'copyFailed'>;
      log: KafkaLog;
    }>,
  ) {
    this.#clock = parts.clock;
    this.#observer = parts.observer;
    const client = kafkajsClient(parts.connection, 'copies', parts.log);
    this.#partitions = new TopicPartitions(client, parts.clock);
    this.#producer = new Connected(() =>
      client.producer({ allowAutoTopicCreation: false, createPartitioner: chosenPartition }),
    );
  }

  async copy(records: readonly OutRecord[], limitMs: number): Promise<void> {
    const waiting = [...byTopic(records)];
    const under = new Map<string, readonly OutRecord[]>();
    const over = new AbortController();
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [topic, copies] = next;
        under.set(topic, copies);
        const failed = await this.#copyTo(topic, copies);
        if (over.signal.aborted) return;
        under.delete(topic);
        this.#tell(topic, failed);
      }
    };
    const work = Promise.all(Array.from({ length: AT_ONCE }, worker));
    await Promise.race([work, this.#clock.wait(limitMs, over.signal)]);
    over.abort();
    const late: Failure = { why: `not within ${limitMs} ms`, failure: 'too_late' };
    for (const topic of under.keys()) this.#refuse(topic, late);
    for (const [topic, { length }] of [...under, ...waiting.splice(0)]) {
      this.#tell(topic, [{ ...late, copies: length }]);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), this.#partitions.close()]);
  }

  #tell(topic: string, failed: Failed): void {
    for (const { why, failure, copies } of failed) {
      for (let each = 0; each < copies; each += 1) this.#observer.copyFailed(topic, why, failure);
    }
  }

  /** Never rejects. */
  async #copyTo(topic: string, records: readonly OutRecord[]): Promise<Failed> {
    const refused = this.#refused.get(topic);
    if (refused && this.#clock.now() < refused.until) {
      return [{ ...refused, copies: records.length }];
    }
    try {
      const partitions = await this.#partitions.of(topic);
      const there = records.filter(({ partition = 0 }) => partition >= 0 && partition < partitions);
      return [
        { ...NO_PARTITION, copies: records.length - there.length },
        { ...NOT_ACKNOWLEDGED, copies: await this.#send(there, partitions) },
      ];
    } catch (error) {
      this.#partitions.forget(topic);
      const why = error instanceof Error ? error.message : String(error);
      const failure = failures.get(brokersNameOf(error)) ?? 'failed';
      this.#refuse(topic, { why, failure });
      return [{ why, failure, copies: records.length }];
    }
  }

  /**
   * How many were not acknowledged. A producer that failed is replaced: one that knew a topic which is no
   * more would fail in all others, too.
   */
  async #send(records: readonly OutRecord[], partitions: number): Promise<number> {
    const parts = partsOf(records.map((one) => placed(one, partitions, this.#clock)));
    let missing = 0;
    for (const part of parts) {
      const sent = { acks: -1, topicMessages: topicMessages(part) };
      removeAcknowledged(part, await this.#producer.lend((producer) => producer.sendBatch(sent)));
      for (const { messages } of part.values()) missing += messages.length;
    }
    return missing;
  }

  #refuse(topic: string, failure: Failure): void {
    this.#refused.delete(topic);
    this.#refused.set(topic, { ...failure, until: this.#clock.now() + REFUSED_FOR });
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > REFUSED_MAX) this.#refused.delete(oldest!);
  }
}

type Failure = Readonly<{ why: string; failure: CopyFailure }>;

/** Why, and how many copies; it may be none. */
type Failed = readonly (Failure & Readonly<{ copies: number }>)[];

const NO_PARTITION: Failure = {
  why: 'the topic has no such partition',
  failure: 'unusable_partition',
};

const NOT_ACKNOWLEDGED: Failure = { why: 'not acknowledged', failure: 'not_acknowledged' };

/** By the broker's name of an error. */
const failures: ReadonlyMap<string | undefined, CopyFailure> = new Map([
  ['UNKNOWN_TOPIC_OR_PARTITION', 'unknown_topic'],
  ['TOPIC_AUTHORIZATION_FAILED', 'not_authorized'],
]);

const byTopic = (records: readonly OutRecord[]): Map<string, OutRecord[]> => {
  const topics = new Map<string, OutRecord[]>();
  for (const record of records) {
    const those = topics.get(record.topic);
    if (those) those.push(record);
    else topics.set(record.topic, [record]);
  }
  return topics;
};

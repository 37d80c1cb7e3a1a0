import type { Producer } from 'kafkajs';
import { backOff } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import { Connected } from './connected.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import type { KafkaObserver } from './kafka-observer.js';
import { kafkajsClient } from './kafkajs-client.js';
import {
  chosenPartition,
  partsOf,
  placed,
  removeAcknowledged,
  topicMessages,
} from './record-parts.js';
import type { Part, PlacedRecord } from './record-parts.js';
import { UnacknowledgedRecords } from './record-sink.js';
import type { RecordSink } from './record-sink.js';
import type { OutRecord } from './records.js';
import { TopicPartitions } from './topic-partitions.js';

/** How often the same records are sent before it is said that they are not acknowledged. */
const ROUNDS = 5;

/** Milliseconds that a broker waits for its replicas; less than the client waits for the broker. */
const ACKS_TIMEOUT = 8_000;

/** Publishes to topics of our own, and believes nothing that was not acknowledged. */
export class KafkajsRecordSink implements RecordSink {
  readonly #clock: Clock;
  readonly #observer: Pick<KafkaObserver, 'resent'>;
  readonly #producer: Connected<Producer>;
  readonly #partitions: TopicPartitions;
  #before: Promise<unknown> = Promise.resolve();

  constructor(
    parts: Readonly<{
      connection: KafkaConnection;
      clock: Clock;
      observer: Pick<KafkaObserver, 'resent'>;
      log: KafkaLog;
    }>,
  ) {
    this.#clock = parts.clock;
    this.#observer = parts.observer;
    const client = kafkajsClient(parts.connection, 'answers', parts.log);
    this.#partitions = new TopicPartitions(client, parts.clock);
    this.#producer = new Connected(() =>
      client.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        createPartitioner: chosenPartition,
      }),
    );
  }

  /** One after another: who waited for a producer while it failed would send under the numbers that it took back. */
  publish(records: readonly OutRecord[], beat?: () => Promise<void>): Promise<void> {
    const published = this.#before.then(() => this.#publish(records, beat));
    this.#before = published.catch(() => undefined);
    return published;
  }

  async #publish(records: readonly OutRecord[], beat?: () => Promise<void>): Promise<void> {
    const topics = new Set(records.map(({ topic }) => topic));
    try {
      const parts = partsOf(await this.#placed(records, topics));
      // kafkajs takes back the numbers of what it could not send, although the broker may have it: the
      // next records could be taken for repeats of it, and dropped. So a producer fails only once.
      await this.#producer.lend(async (producer) => {
        for (const part of parts) await this.#send(producer, part, beat);
      });
    } catch (error) {
      for (const topic of topics) this.#partitions.forget(topic);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.close(), this.#partitions.close()]);
  }

  /** Partitions are chosen here, so that it is known which of them must be acknowledged. */
  async #placed(
    records: readonly OutRecord[],
    topics: ReadonlySet<string>,
  ): Promise<readonly PlacedRecord[]> {
    const partitions = new Map<string, number>();
    for (const topic of topics) partitions.set(topic, await this.#partitions.of(topic));
    return records.map((record) => placed(record, partitions.get(record.topic)!, this.#clock));
  }

  /** A send may resolve although it was never written where a leader moved: what is missing is sent again. */
  async #send(producer: Producer, part: Part, beat?: () => Promise<void>): Promise<void> {
    for (let round = 1; ; round += 1) {
      const acks = await producer.sendBatch({
        acks: -1,
        timeout: ACKS_TIMEOUT,
        topicMessages: topicMessages(part),
      });
      removeAcknowledged(part, acks);
      if (part.size === 0) return;
      if (round === ROUNDS) throw new UnacknowledgedRecords([...part.keys()]);
      this.#observer.resent(part.size);
      await this.#clock.wait(backOff(this.#clock, round, 50, 1_000));
      await beat?.();
    }
  }
}

import { isDeepStrictEqual } from 'node:util';
import { Partitioners } from 'kafkajs';
import type { KafkaConnection } from '#kafka/kafka-connection.js';
import { KafkajsFencedSink } from '#kafka/kafkajs-fenced-sink.js';
import type { InboundRecord } from '#kafka/records.js';
import { publisherId, topicNames } from '#kafka/topic-names.js';
import type { TopicNames } from '#kafka/topic-names.js';
import type { PublicationSink, PublishedRecord } from '#projections/publication-sink.js';
import type { PublishedView } from '#projections/published-views.js';
import { systemClock } from '#runtime/system-clock.js';
import { KeptTopics } from '../projections/publishing/kept-topics.js';
import { createTopics, plainClient, readAll } from './topics.js';
import { untilAnswered } from './until.js';

/** It is open until it is committed, or another publisher is opened. */
export type BegunTransaction = Readonly<{
  send(more: readonly PublishedRecord[]): Promise<void>;
  commit(): Promise<void>;
  /** The process is gone. */
  die(): Promise<void>;
}>;

/** Topics of a publication on a broker, and sinks for them, which are closed with the world. */
export class PublicationWorld {
  readonly address: string;
  readonly prefix: string;
  readonly topics: TopicNames;
  readonly #sinks: PublicationSink[] = [];

  constructor(address: string, prefix: string) {
    this.address = address;
    this.prefix = prefix;
    this.topics = topicNames(prefix);
  }

  /**
   * Makes the topics that are published to; resolves when the broker takes transactions.
   *
   * @param settings of the topics of views.
   */
  async create(settings: Readonly<Record<string, string>> = {}): Promise<this> {
    const { commands: _, deadLetters: __, answers: ___, leases: ____, ...topics } = this.topics;
    const { events, checkpoints, ...views } = topics;
    await createTopics(this.address, [events, checkpoints]);
    await createTopics(this.address, Object.values(views), settings);
    const fresh = this.sink();
    await untilAnswered('the coordinators of a fresh broker are there', async () => {
      await fresh.fence();
      await fresh.lastCheckpoint();
    });
    await fresh.close();
    return this;
  }

  get transactionalId(): string {
    return publisherId(this.prefix, 0);
  }

  get connection(): KafkaConnection {
    return { brokers: [this.address], clientId: 'test' };
  }

  sink(shard = 0, clock = systemClock): PublicationSink {
    const sink = new KafkajsFencedSink({
      connection: this.connection,
      clock,
      log: () => undefined,
      shard,
      transactionalId: publisherId(this.prefix, shard),
      topics: this.topics,
    });
    this.#sinks.push(sink);
    return sink;
  }

  /** Sends records in a transaction of the publisher's name, as one does that stops before its commit. */
  async begun(records: readonly PublishedRecord[]): Promise<BegunTransaction> {
    const producer = plainClient(this.address).producer({
      transactionalId: this.transactionalId,
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    const send = async (more: readonly PublishedRecord[]): Promise<void> => {
      const topicMessages = [...Map.groupBy(more, ({ channel }) => channel)].map(
        ([channel, messages]) => ({ topic: this.topics[channel], messages: [...messages] }),
      );
      await transaction.sendBatch({ topicMessages });
    };
    await send(records);
    return { send, commit: () => transaction.commit(), die: () => producer.disconnect() };
  }

  /** What readers see of a channel once there are so many records: a commit is seen a little later. */
  async committed(
    channel: PublishedRecord['channel'],
    records: number,
  ): Promise<readonly Pick<PublishedRecord, 'key' | 'value' | 'headers'>[]> {
    const found = await untilAnswered(`${records} records are committed`, async () => {
      const now = await this.all(channel);
      if (now.length < records) throw new Error(`${now.length} records`);
      return now;
    });
    return found.map(({ key, value, headers }) => ({
      key: String(key),
      value: value && value.toString(),
      headers: Object.fromEntries([...headers].map(([name, values]) => [name, String(values[0])])),
    }));
  }

  /** All that is committed on a channel and can be read now. */
  async all(channel: PublishedRecord['channel']): Promise<readonly InboundRecord[]> {
    return readAll(this.address, this.topics[channel]);
  }

  /** All that can be read now of these views, for the proofs of what compaction leaves of it. */
  async views(views: readonly Pick<PublishedView, 'name'>[]): Promise<KeptTopics> {
    const topics = new KeptTopics();
    for (const { name: channel } of views) {
      for (const { key, value } of await this.all(channel))
        topics.records.push({
          channel,
          key: String(key),
          value: value && value.toString(),
          headers: {},
        });
    }
    return topics;
  }

  /** Whether these are the values of all events, in order. */
  async published(values: readonly (string | null)[]): Promise<boolean> {
    const events = await this.committed('events', values.length);
    return isDeepStrictEqual(
      events.map(({ value }) => value),
      values,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#sinks.splice(0).map((sink) => sink.close()));
  }
}

import { StoreBroken } from '#event-store/event-store.js';
import type { StoreIdentity } from '#event-store/event-store.js';
import { KafkajsFencedSink } from '#kafka/kafkajs-fenced-sink.js';
import type { KafkaLog } from '#kafka/kafka-log.js';
import { Lease } from '#kafka/lease.js';
import type { LeaseObserver } from '#kafka/lease.js';
import { leasesGroup, publisherId, topicNames } from '#kafka/topic-names.js';
import type { PublishedLog } from '#projections/published-log.js';
import { Publisher } from '#projections/publisher.js';
import type { PublisherObserver } from '#projections/publisher-observer.js';
import type { Clock } from '#runtime/clock.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { systemClock } from '#runtime/system-clock.js';
import { kafkaConnection, unheard } from './kafka-connection.js';
import type { PublicationKafka } from './view-thread-protocol.js';

/**
 * Milliseconds after which a publisher that halted looks whether somebody has said where to go on. Meanwhile
 * it has no lease: another process may be right where this one is not.
 */
const LOOK_AGAIN = 10_000;

/** Milliseconds between two looks at whether all is published. */
const DRAIN_POLL = 20;

export type PublicationObserver = PublisherObserver & LeaseObserver;

type Parts = PublishedLog &
  Readonly<{
    kafka: PublicationKafka;
    clock: Clock;
    observer: PublicationObserver;
    driver: KafkaLog;
  }>;

export const publicationKafka = (kafka: KafkaConfiguration): PublicationKafka => ({
  connection: kafkaConnection(kafka),
  topicPrefix: kafka.topicPrefix,
});

/** The sink of a ledger's publisher. */
export const publicationSink = (
  shard: number,
  { kafka: { connection, topicPrefix }, clock, driver }: Pick<Parts, 'kafka' | 'clock' | 'driver'>,
): KafkajsFencedSink =>
  new KafkajsFencedSink({
    connection,
    clock,
    log: driver,
    shard,
    transactionalId: publisherId(topicPrefix, shard),
    topics: topicNames(topicPrefix),
  });

/** The same, for an operator's command. */
export const operatorsSink = (
  { shard }: StoreIdentity,
  kafka: KafkaConfiguration,
): KafkajsFencedSink =>
  publicationSink(shard, {
    kafka: publicationKafka(kafka),
    clock: systemClock,
    driver: unheard,
  });

/** Publishes the events and the views of a store while this process has the lease of its shard. */
export class Publication {
  readonly #parts: Parts;
  readonly #publisher: Publisher;
  readonly #lease: Lease;
  /** Up to which all is published; undefined while nothing is, or not now. */
  #position: number | undefined;

  constructor(parts: Parts) {
    const { store, views, kafka, clock, observer, driver } = parts;
    const { shard } = store.identity;
    this.#parts = parts;
    this.#publisher = new Publisher({
      store,
      views,
      clock,
      sink: publicationSink(shard, parts),
      observer: this.#following(observer),
    });
    this.#lease = new Lease({
      connection: kafka.connection,
      clock,
      log: driver,
      topic: topicNames(kafka.topicPrefix).leases,
      groupId: leasesGroup(kafka.topicPrefix),
      shard,
    });
  }

  /** The views have come further. */
  wake(): void {
    this.#publisher.wake();
  }

  /**
   * Publishes whenever it has the lease, until `signal` is aborted.
   *
   * @throws {StoreBroken | StoreUnavailable} as {@link Publisher.run}.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, observer } = this.#parts;
    while (!signal.aborted) {
      await this.#lease.run(signal, (held) => this.#publish(held), observer);
      // To join the group only so as to halt again would stop whoever has the lease, again and again.
      do await clock.wait(LOOK_AGAIN, signal);
      while (!signal.aborted && (await this.#wouldHalt()));
    }
  }

  /**
   * A broker that is away is looked at again later.
   *
   * @throws {StoreBroken} of the event store.
   */
  #wouldHalt(): Promise<boolean> {
    return this.#publisher.look().then(
      (why) => why !== undefined,
      (error: unknown) => {
        if (error instanceof StoreBroken) throw error;
        return true;
      },
    );
  }

  /** Resolves when all that was appended is published, or after `milliseconds`; at once where nothing is published now. */
  async drain(milliseconds: number): Promise<void> {
    const { store, clock } = this.#parts;
    // Whoever cannot read the store has nothing to wait for.
    const head = await store.head().catch(() => 0);
    const until = clock.now() + milliseconds;
    while (this.#position !== undefined && this.#position < head && clock.now() < until)
      await clock.wait(DRAIN_POLL);
  }

  async #publish(held: AbortSignal): Promise<void> {
    try {
      await this.#publisher.run(held);
    } finally {
      this.#position = undefined;
    }
  }

  /** Tells the observer, and knows how far it is. */
  #following(observer: PublisherObserver): PublisherObserver {
    const at = (position: number | undefined): void => void (this.#position = position);
    return {
      ...observer,
      publishing: (position) => {
        at(position);
        observer.publishing(position);
      },
      published: (batch) => {
        at(batch.position);
        observer.published(batch);
      },
      fenced: () => {
        at(undefined);
        observer.fenced();
      },
      trouble: (error) => {
        at(undefined);
        observer.trouble(error);
      },
    };
  }
}

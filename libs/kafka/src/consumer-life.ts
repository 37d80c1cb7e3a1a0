import type { Consumer, Kafka } from 'kafkajs';
import { asError } from '#runtime/as-error.js';
import { isOverWithin } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import { GroupedBatches } from './grouped-batches.js';
import type { GroupedBatchesParts } from './grouped-batches.js';
import { unlessAborted } from './unless-aborted.js';

/** Milliseconds for giving partitions back: one that is joining when it must end could hold it up for a minute. */
const PATIENCE_AT_END = 5_000;

export type ConsumerLifeParts = Readonly<{
  client: Kafka;
  clock: Clock;
  groupId: string;
  topic: string;
  /** How many partitions the topic has: each may have a batch under way. */
  partitions: number;
  sessionTimeoutMs: number;
  /** It is a member now, and has these partitions; where there is a claim, it was looked at. */
  joined: (partitions: readonly number[]) => void;
  /** It is about to join again. */
  rebalancing: () => void;
  /** The broker has accepted a heartbeat or offsets. */
  alive: () => void;
  /** It has not, for longer than it would keep a member. */
  silent: () => void;
}> &
  Pick<GroupedBatchesParts, 'work' | 'handed' | 'claim' | 'commitRefused' | 'fault'>;

/** One consumer of kafkajs, from its making to its end. */
export class ConsumerLife {
  readonly #parts: ConsumerLifeParts;
  readonly #consumer: Consumer;
  readonly #batches: GroupedBatches;
  readonly #over = new AbortController();
  /** Aborted when it is about to join again. */
  #membership = new AbortController();
  readonly #crashed = Promise.withResolvers<Error>();
  #joins = 0;
  #heardAt: number;

  constructor(parts: ConsumerLifeParts) {
    this.#parts = parts;
    this.#heardAt = parts.clock.now();
    this.#consumer = consumerOf(parts);
    this.#batches = new GroupedBatches({
      ...parts,
      membership: () => this.#joins,
      isRunning: () => !this.#over.signal.aborted,
      notClaimed: (error) => this.#crashed.resolve(error),
    });
    this.#listen();
  }

  /**
   * Consumes until it crashes or `signal` is aborted. It resolves when no batch is under way any more.
   *
   * @returns why it crashed; undefined where it was aborted.
   */
  async live(signal: AbortSignal): Promise<Error | undefined> {
    const begun = this.#begin().catch((error: unknown) => this.#crashed.resolve(asError(error)));
    const death = Promise.race([this.#crashed.promise, this.#watch()]);
    const error = await unlessAborted(death, signal);
    this.#over.abort();

    // One that is still joining would be a member for ever if it were disconnected before it has joined.
    const gone = begun.then(() => this.#consumer.disconnect()).catch(() => undefined);
    await this.#batches.idle();
    await isOverWithin(this.#parts.clock, PATIENCE_AT_END, gone);
    return error;
  }

  async #begin(): Promise<void> {
    const { topic, partitions } = this.#parts;
    await this.#consumer.connect();
    // From the beginning, where the group has no offsets: a command that was never decided is decided now.
    await this.#consumer.subscribe({ topics: [topic], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitions,
      eachBatch: (payload) => this.#batches.take(payload),
    });
  }

  #listen(): void {
    const { topic, rebalancing } = this.#parts;
    const consumer = this.#consumer;
    const { CRASH, GROUP_JOIN, REBALANCING, HEARTBEAT, COMMIT_OFFSETS } = consumer.events;
    consumer.on(CRASH, ({ payload }) => this.#crashed.resolve(payload.error));
    consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#joins += 1;
      this.#heardAt = this.#parts.clock.now();
      this.#enter(payload.memberAssignment[topic] ?? []).catch((error: unknown) =>
        this.#crashed.resolve(asError(error)),
      );
    });
    consumer.on(REBALANCING, () => {
      this.#membership.abort();
      if (!this.#over.signal.aborted) rebalancing();
    });
    consumer.on(HEARTBEAT, () => this.#hear());
    consumer.on(COMMIT_OFFSETS, () => this.#hear());
  }

  async #enter(partitions: readonly number[]): Promise<void> {
    const { claim, joined } = this.#parts;
    // The claim is that of the consumer after it, too: one that has joined too late has nothing to say.
    if (this.#over.signal.aborted) return;
    this.#membership.abort();
    this.#membership = new AbortController();
    const signal = AbortSignal.any([this.#over.signal, this.#membership.signal]);
    await claim?.begin(partitions, signal);
    if (!signal.aborted) joined(partitions);
  }

  #hear(): void {
    this.#heardAt = this.#parts.clock.now();
    if (!this.#over.signal.aborted) this.#parts.alive();
  }

  /** kafkajs has been seen to hang without a word: a consumer that is silent for very long is given up. */
  async #watch(): Promise<Error | undefined> {
    const { clock, sessionTimeoutMs, silent } = this.#parts;
    const { signal } = this.#over;
    const longest = sessionTimeoutMs + rebalanceTimeoutOf(sessionTimeoutMs);
    for (;;) {
      await clock.wait(heartbeatIntervalOf(sessionTimeoutMs), signal);
      if (signal.aborted) return undefined;
      const silence = clock.now() - this.#heardAt;
      if (silence > longest) return new Error(`no word from the broker for ${silence} ms`);
      if (silence > sessionTimeoutMs) silent();
    }
  }
}

const rebalanceTimeoutOf = (sessionTimeoutMs: number): number => 2 * sessionTimeoutMs;
const heartbeatIntervalOf = (sessionTimeoutMs: number): number => sessionTimeoutMs / 10;

const consumerOf = ({ client, groupId, sessionTimeoutMs }: ConsumerLifeParts): Consumer =>
  client.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: rebalanceTimeoutOf(sessionTimeoutMs),
    heartbeatInterval: heartbeatIntervalOf(sessionTimeoutMs),
    // Stopping waits for the fetch that is under way.
    maxWaitTimeInMs: 250,
    minBytes: 1,
    maxBytesPerPartition: 512 * 1024,
    maxBytes: 8 * 1024 * 1024,
    allowAutoTopicCreation: false,
    // A crashed consumer is replaced by a whole new one, whatever it crashed of: one way back, and ours.
    // kafkajs brings back some by itself, but not after an error that it does not take for retriable.
    retry: { restartOnFailure: () => Promise.resolve(false) },
  });

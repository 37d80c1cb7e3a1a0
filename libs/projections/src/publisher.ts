import { CommitBell } from '#event-store/commit-bell.js';
import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import { asError } from '#runtime/as-error.js';
import { backOff } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import { nextBatch } from './following.js';
import type { Batch } from './following.js';
import { encodeCheckpoint } from './publication-checkpoint.js';
import type { PublicationCheckpoint } from './publication-checkpoint.js';
import { isFenced } from './publication-sink.js';
import type { PublicationSink, PublishedRecord } from './publication-sink.js';
import { startFrom } from './publication-start.js';
import type { Start } from './publication-start.js';
import type { PublishedLog } from './published-log.js';
import { publishedViews } from './published-views.js';
import type { PublishedView } from './published-views.js';
import type { PublisherObserver } from './publisher-observer.js';
import { Republishing } from './republishing.js';
import type { RepublishingStep } from './republishing.js';

/** Milliseconds after which it looks whether the views have come further, where nobody tells it. */
const POLL = 250;

/**
 * Milliseconds after which the checkpoint is committed again although nothing happened: who was fenced
 * meanwhile, as by `publish --from`, hears of it only when it commits.
 */
const IDLE_COMMIT = 10_000;

/** Milliseconds between two tries, at first and at most. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5_000;

/**
 * Milliseconds, at least, that another publisher has for itself after it has taken over: to read where it
 * is to go on it joins a group, which takes three seconds on brokers as they come.
 */
const WAIT_WHEN_FENCED = 5_000;

export type PublisherParts = PublishedLog &
  Readonly<{
    sink: PublicationSink;
    clock: Clock;
    observer: PublisherObserver;
    /** What is published of views; by default all of this build. */
    published?: readonly PublishedView[];
  }>;

/**
 * Publishes one shard: every event once, in order, and the latest state of every view that it touches. It
 * follows the projector, and never overtakes it. Whatever fails, it begins again at the checkpoint that was
 * committed with the last of what readers have.
 *
 * It shares nothing with whoever appends or projects but the two files, so that it may be in a thread or a
 * process of its own.
 */
export class Publisher {
  readonly #log: PublishedLog;
  readonly #sink: PublicationSink;
  readonly #clock: Clock;
  readonly #observer: PublisherObserver;
  readonly #published: readonly PublishedView[];
  readonly #bell: CommitBell;
  #failures = 0;

  constructor({ store, views, sink, clock, observer, published = publishedViews }: PublisherParts) {
    this.#log = { store, views };
    this.#sink = sink;
    this.#clock = clock;
    this.#observer = observer;
    this.#published = published;
    this.#bell = new CommitBell(clock);
  }

  /** The views have come further. Without it that is noticed a little later. */
  wake(): void {
    this.#bell.ring();
  }

  /**
   * Publishes until `signal` is aborted: what is under way is finished, and no transaction stays open.
   *
   * @returns why it halted; undefined where it was aborted. It may be run again.
   * @throws {StoreBroken} of the event store; {StoreUnavailable} where it is closed.
   */
  async run(signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted) {
      try {
        const halted = await this.#publish(signal);
        if (halted !== undefined) this.#observer.halted(halted);
        return halted;
      } catch (error) {
        if (endsTheProcess(error)) throw error;
        this.#failures += 1;
        this.#tell(error);
        await this.#clock.wait(this.#backOff(error), signal);
      } finally {
        await this.#sink.close();
      }
    }
    return undefined;
  }

  /**
   * Why it would halt, as far as can be seen without fencing anybody; undefined where it would not.
   *
   * @throws as the sink, or the store.
   */
  async look(): Promise<string | undefined> {
    try {
      const start = await startFrom(this.#startParts(), await this.#sink.lastCheckpoint());
      return 'halt' in start ? start.halt : undefined;
    } finally {
      await this.#sink.close();
    }
  }

  async #publish(signal: AbortSignal): Promise<string | undefined> {
    const published = this.#published;
    const start = await this.#begin(signal);
    if (!start || signal.aborted) return undefined;
    if ('halt' in start) return start.halt;
    let { at } = start;
    if (start.first) await this.#commit([], at);
    let heardAt = this.#clock.now();
    this.#observer.publishing(at.position);
    const republishing = new Republishing({
      log: this.#log,
      views: published,
      sink: this.#sink,
      wake: () => this.wake(),
    });
    while (!signal.aborted) {
      const since = this.#clock.now();
      const batch = await nextBatch(this.#log, published, at);
      if (batch) at = await this.#commitBatch(batch, since);
      const step = await republishing.next(at);
      if (step) at = await this.#commitStep(at, step, republishing.deleted);
      if (batch || step) heardAt = this.#clock.now();
      else if (this.#clock.now() - heardAt < IDLE_COMMIT) await this.#bell.wait(POLL, signal);
      else {
        await this.#commit([], at);
        heardAt = this.#clock.now();
      }
    }
    return undefined;
  }

  /**
   * Looks before it fences: one that must not go on, as that of another store, would stop the right one
   * again and again. What counts is what it finds afterwards. That nothing is there yet is not believed
   * before: a commit is seen a little later, and where there is none, nobody is stopped.
   *
   * @returns undefined where it was aborted meanwhile: it is another's turn, who is not to be fenced.
   */
  async #begin(signal: AbortSignal): Promise<Start | undefined> {
    const parts = this.#startParts();
    const seen = await this.#sink.lastCheckpoint();
    if (seen !== null) {
      const start = await startFrom(parts, seen);
      if ('halt' in start) return start;
    }
    if (signal.aborted) return undefined;
    await this.#sink.fence();
    return startFrom(parts, await this.#sink.lastCheckpoint());
  }

  #startParts() {
    return { store: this.#log.store, sink: this.#sink, views: this.#published };
  }

  async #commitBatch(
    { events, records, checkpoint }: Batch,
    since: number,
  ): Promise<PublicationCheckpoint> {
    await this.#commit(records, checkpoint);
    const now = this.#clock.now();
    this.#observer.published({
      events: events.length,
      records: records.length,
      position: checkpoint.position,
      milliseconds: now - since,
      behind: Math.max(0, now - events.at(-1)!.recordedAt),
    });
    return checkpoint;
  }

  async #commitStep(
    at: PublicationCheckpoint,
    { records, checkpoint }: RepublishingStep,
    deleted: number,
  ): Promise<PublicationCheckpoint> {
    const { republication } = checkpoint;
    const isNews = records.length > 0 || republication?.after !== at.republication?.after;
    if (isNews) await this.#commit(records, checkpoint);
    const { views, after, until } = republication ?? at.republication!;
    this.#observer.republishing({
      views: Object.keys(views),
      done: after,
      total: until,
      deleted,
      over: republication === undefined,
    });
    return checkpoint;
  }

  async #commit(
    records: readonly PublishedRecord[],
    checkpoint: PublicationCheckpoint,
  ): Promise<void> {
    await this.#sink.publish(records, encodeCheckpoint(checkpoint));
    this.#failures = 0;
  }

  #tell(error: unknown): void {
    if (isFenced(error)) this.#observer.fenced();
    else this.#observer.trouble(asError(error));
  }

  #backOff(error: unknown): number {
    const wait = backOff(this.#clock, this.#failures, FIRST_WAIT, LONGEST_WAIT);
    return isFenced(error) ? Math.max(wait, WAIT_WHEN_FENCED) : wait;
  }
}

const endsTheProcess = (error: unknown): boolean =>
  error instanceof StoreBroken || (error instanceof StoreUnavailable && error.why === 'closed');

import { join } from 'node:path';
import { StoreUnavailable } from '#event-store/event-store.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { asStoreTrouble } from '#event-store/sqlite-errors.js';
import type { Clock } from '#runtime/clock.js';
import { ProjectorLock } from './projector-lock.js';
import type { ProjectorObserver } from './projector-observer.js';
import { rebuildViews } from './rebuild.js';
import { ViewFold } from './view-fold.js';
import type { Unusable, ViewStore } from './view-store.js';
import { WalCheckpoints } from './wal-checkpoints.js';
import { openViews } from './views-file.js';
import { isDamage } from './views-trouble.js';

/** Events of one transaction: 2 to 4 ms, in which nothing else runs on this thread. */
const BATCH = 128;

/** Milliseconds between two tries at a lock that another process has. */
const LOCK_POLL = 500;

/** Milliseconds between two tries where a store is away, or a disk full. */
const RETRY = 1_000;

/**
 * Keeps the views of a folder up to date with the log, from where they stand. One of any number of
 * processes does; the others wait until it has gone.
 */
export class Projector {
  readonly #store: EventStore;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #observer: ProjectorObserver;
  readonly #alarmed = new Set<string>();
  #damaged = false;

  constructor(
    parts: Readonly<{
      store: EventStore;
      folder: string;
      clock: Clock;
      observer: ProjectorObserver;
    }>,
  ) {
    this.#store = parts.store;
    this.#folder = parts.folder;
    this.#clock = parts.clock;
    this.#observer = parts.observer;
  }

  /**
   * Projects until `signal` is aborted, and then resolves. It waits where another process projects, and
   * tries again where a store is away for a while. A stream that cannot be folded is told to the
   * observer, once per process, and skipped.
   *
   * @throws {UnknownEvent} a newer release wrote to the log. This and whatever else it rejects with is
   *   for the process to end with: the views stay as of the last batch.
   */
  async run(signal: AbortSignal): Promise<void> {
    const lock = await this.#waitForLock(signal);
    if (!lock) return;
    try {
      while (!signal.aborted) {
        await this.#project(lock, signal).catch((error: unknown) => this.#observeOrThrow(error));
        if (!signal.aborted) await this.#clock.wait(RETRY, signal);
      }
    } finally {
      lock.release();
    }
  }

  async #waitForLock(signal: AbortSignal): Promise<ProjectorLock | undefined> {
    for (let tries = 0; !signal.aborted; tries += 1) {
      const lock = ProjectorLock.take(this.#folder);
      if (lock) return lock;
      if (tries === 0) this.#observer.waiting();
      await this.#clock.wait(LOCK_POLL, signal);
    }
    return undefined;
  }

  async #project(lock: ProjectorLock, signal: AbortSignal): Promise<void> {
    const views = await this.#openOrRebuild(lock, signal);
    if (!views) return;
    const wal = new WalCheckpoints(join(this.#folder, 'views.db'));
    try {
      await wal.ifLarge();
      for (const trouble of views.unusable()) this.#alarm(trouble);
      const fold = new ViewFold(views);
      const { position } = views.checkpoint();
      this.#observer.following(position);
      for await (const page of this.#store.subscribe(position, signal)) {
        for (let from = 0; from < page.length && !signal.aborted; from += BATCH) {
          // Whoever has commands to answer has a turn between any two batches.
          if (from > 0) await this.#clock.wait(0);
          this.#apply(fold, page.slice(from, from + BATCH));
          await wal.ifLarge();
        }
      }
    } finally {
      await wal.close();
      views.close();
    }
  }

  #apply(fold: ViewFold, batch: readonly RecordedEvent[]): void {
    const started = this.#clock.now();
    for (const trouble of fold.apply(batch)) this.#alarm(trouble);
    const last = batch.at(-1);
    if (!last) return;
    const now = this.#clock.now();
    this.#observer.projected({
      events: batch.length,
      position: last.position,
      milliseconds: now - started,
      behind: Math.max(0, now - last.recordedAt),
    });
  }

  /** Undefined where it was aborted. */
  async #openOrRebuild(lock: ProjectorLock, signal: AbortSignal): Promise<ViewStore | undefined> {
    const file = join(this.#folder, 'views.db');
    if (!this.#damaged && (await this.#stand(file))) return openViews(file);
    const position = await rebuildViews({
      store: this.#store,
      lock,
      clock: this.#clock,
      signal,
      progress: (progress) => this.#observer.rebuilding(progress),
      unusable: (trouble) => this.#alarm(trouble),
    });
    if (position === undefined) return undefined;
    this.#damaged = false;
    return openViews(file);
  }

  /** Whether there are views, of a log that still has the event they end with: it may have been restored. */
  async #stand(file: string): Promise<boolean> {
    const views = openViews(file);
    if (!views) return false;
    const { position, eventId } = views.checkpoint();
    views.close();
    if (position === 0) return true;
    const [event] = await this.#store.readAll(position - 1, 1);
    return event?.position === position && event.eventId === eventId;
  }

  #alarm(trouble: Unusable): void {
    if (this.#alarmed.has(trouble.stream)) return;
    this.#alarmed.add(trouble.stream);
    this.#observer.unusable(trouble);
  }

  #observeOrThrow(error: unknown): void {
    if (isDamage(error)) {
      this.#damaged = true;
      this.#observer.trouble(new Error('views.db is damaged, and is made anew', { cause: error }));
      return;
    }
    const trouble = asStoreTrouble(error);
    if (!(trouble instanceof StoreUnavailable) || trouble.why === 'closed') throw trouble;
    this.#observer.trouble(trouble);
  }
}

import { join } from 'node:path';
import { StoreUnavailable } from '#event-store/event-store.js';
import type { EventLog, RecordedEvent } from '#event-store/event-store.js';
import type { Clock } from '#runtime/clock.js';
import { ProjectorLock } from './projector-lock.js';
import type { ProjectorObserver } from './projector-observer.js';
import { rebuildViews } from './rebuild.js';
import { standingOf } from './views-standing.js';
import { ViewFold } from './view-fold.js';
import type { Unusable, ViewStore } from './view-store.js';
import { WalCheckpoints } from './wal-checkpoints.js';
import { openViews, removeViews } from './views-file.js';
import { isDamage, isOfFiles } from './views-trouble.js';

/** Events of one transaction: 2 to 4 ms, in which nothing else runs on this thread. */
const BATCH = 128;

/** A page of fewer events says that the projector has caught up. */
const CAUGHT_UP = 500;

/** Milliseconds in which events gather once it has: a transaction for each would cost half as much again. */
const GATHER = 20;

/** Milliseconds between two tries at a lock that another process has. */
const LOCK_POLL = 500;

/** Milliseconds between two tries where a store is away, or a disk full. */
const RETRY = 1_000;

/**
 * Keeps the views of a folder up to date with the log, from where they stand. One of any number of
 * processes does; the others wait until it has gone.
 */
export class Projector {
  readonly #store: EventLog;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #observer: ProjectorObserver;
  readonly #alarmed = new Set<string>();
  #damaged = false;

  constructor(
    parts: Readonly<{
      store: EventLog;
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
   * tries again where the store is away for a while or the views cannot be written: decisions need no
   * views. A stream that cannot be folded is told to the observer, once per process, and skipped.
   *
   * @throws {UnknownEvent} a newer release wrote to the log. This and whatever else it rejects with is
   *   for the process to end with: the views stay as of the last batch.
   * @throws {StoreBroken} of the event store.
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
    let told = false;
    while (!signal.aborted) {
      try {
        const lock = ProjectorLock.take(this.#folder);
        if (lock) return lock;
        if (!told) this.#observer.waiting();
        told = true;
      } catch (error) {
        if (!isOfFiles(error)) throw error;
        this.#observer.trouble(troubleWith('projector.lock cannot be had', error));
      }
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
        if (page.length < CAUGHT_UP) await this.#clock.wait(GATHER, signal);
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
    const standing = this.#damaged ? 'none' : await standingOf(file, this.#store);
    if (standing === 'on this log') return openViews(file);
    // While others are made, nobody is shown what never happened.
    if (standing === 'of another history') removeViews(file);
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

  #alarm(trouble: Unusable): void {
    if (this.#alarmed.has(trouble.stream)) return;
    this.#alarmed.add(trouble.stream);
    this.#observer.unusable(trouble);
  }

  #observeOrThrow(error: unknown): void {
    if (isDamage(error)) {
      this.#damaged = true;
      this.#observer.trouble(new Error('views.db is damaged, and is made anew', { cause: error }));
    } else if (isOfFiles(error)) {
      this.#observer.trouble(troubleWith('views.db cannot be kept', error));
    } else if (error instanceof StoreUnavailable && error.why !== 'closed') {
      this.#observer.trouble(error);
    } else throw error;
  }
}

const troubleWith = (what: string, cause: Error): Error =>
  new Error(`${what}: ${cause.message}`, { cause });

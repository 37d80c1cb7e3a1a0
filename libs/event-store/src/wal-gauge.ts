import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { WAL_PAGES } from '#event-store/sqlite-schema.js';
import type { Clock } from '#runtime/clock.js';

const FILE_HEADER = 32;
const FRAME_HEADER = 24;

/**
 * How long the write-ahead log is, and for how long it has been longer than it should be: an old
 * reader, in whatever process, keeps it from starting over.
 */
export class WalGauge {
  readonly #clock: Clock;
  readonly #frames: StatementSync;
  readonly #pageSize: number;
  #wellAt: number;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#clock = clock;
    this.#wellAt = clock.now();
    // NOOP checkpoints nothing: it only tells how many frames there are.
    this.#frames = database.prepare('PRAGMA wal_checkpoint(NOOP)');
    const [pageSize] = database.prepare('PRAGMA page_size').get() as unknown as [number];
    this.#pageSize = pageSize;
  }

  bytes(): number {
    const frames = this.#read();
    return frames === 0 ? 0 : FILE_HEADER + frames * (FRAME_HEADER + this.#pageSize);
  }

  /**
   * Milliseconds since the log was last seen to be of ordinary length; 0 while it is. It is seen when
   * it is asked for, here or by {@link bytes}: whoever asks regularly learns the age of the reader.
   */
  heldFor(): number {
    this.#read();
    return this.#clock.now() - this.#wellAt;
  }

  #read(): number {
    const [, frames] = this.#frames.get() as unknown as [number, number, number];
    if (frames <= 2 * WAL_PAGES) this.#wellAt = this.#clock.now();
    return Math.max(0, frames);
  }
}

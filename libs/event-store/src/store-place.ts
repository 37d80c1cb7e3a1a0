import { chmodSync, existsSync, linkSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { flush } from '#event-store/durable-file.js';
import { StoreUnavailable } from '#event-store/event-store.js';
import { asStoreTrouble, isDamage, passingTrouble } from '#event-store/sqlite-errors.js';
import { identityOf, versionOf } from '#event-store/sqlite-schema.js';
import { StoreRefused } from '#event-store/store-refused.js';

/** The database first: whoever finds the others without it finds no store, and not half of one. */
const FILES = ['events.db', 'events.db-wal', 'events.db-shm', 'events.db-journal'] as const;

/** There is a store where none should be. */
export class StoreExists extends StoreRefused {
  override readonly name = 'StoreExists';
}

/** Whether there is a store in `folder`, or what is left of one. */
export const hasStore = (folder: string): boolean =>
  FILES.some((name) => existsSync(join(folder, name)));

/** Where a store stands in a folder, and which other one is to stand there next. */
export class StorePlace {
  readonly #folder: string;
  readonly #file: string;
  /** When the place was taken. What is made there later is somebody's who did not wait. */
  readonly #hadStore: boolean;
  /** Held: no other process can open it. Undefined where there is none, or one too damaged to be held. */
  readonly #database: DatabaseSync | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, FILES[0]);
    this.#hadStore = hasStore(folder);
    this.#database = existsSync(this.#file) ? lockedDatabase(this.#file) : undefined;
  }

  /**
   * Takes the place, with the store that stands there, until it is released.
   *
   * @throws {StoreUnavailable} another process has the store open.
   * @throws {StoreBroken} it cannot be read.
   */
  static take(folder: string): StorePlace {
    return new StorePlace(folder);
  }

  /**
   * Of the store that stands there: 0 where there is none, undefined where it does not tell.
   *
   * @throws {StoreRefused} a newer build wrote it.
   */
  epoch(): number | undefined {
    if (!this.#hadStore) return 0;
    return this.tell((database) =>
      versionOf(database, this.#file) === 0 ? 0 : identityOf(database).epoch,
    );
  }

  /** What the store that stands there tells; undefined where there is none, or it is damaged. */
  tell<Result>(read: (database: DatabaseSync) => Result): Result | undefined {
    try {
      return this.#database && read(this.#database);
    } catch (error) {
      if (!isDamage(error)) throw error;
      return undefined;
    }
  }

  /**
   * Lets `fresh` stand there, a file of the same disk. What stood there goes, with `others`, into the
   * folder `aside`, which is made if anything does. There is no moment without a store, unless that which
   * stood there was damaged so far that its log cannot be folded into it: then its files are moved as they are.
   *
   * @throws {StoreExists} a store was made there meanwhile.
   */
  put(
    fresh: string,
    { aside, others }: Readonly<{ aside: string; others: readonly string[] }>,
  ): void {
    if (this.#hadStore || others.length > 0) mkdirSync(aside);
    const isOneFile = this.#foldLog();
    if (isOneFile) {
      chmodSync(fresh, statSync(this.#file).mode);
      linkSync(this.#file, join(aside, FILES[0]));
    } else if (this.#hadStore) {
      this.release();
      this.#move(FILES, aside);
    }
    this.#move(others, aside);
    if (isOneFile) renameSync(fresh, this.#file);
    else linkOrRefuse(fresh, this.#file);
    flush(this.#folder);
  }

  /** Lets others have what now stands there. */
  release(): void {
    if (this.#database?.isOpen) this.#database.close();
  }

  #move(names: readonly string[], aside: string): void {
    for (const name of names)
      if (existsSync(join(this.#folder, name)))
        renameSync(join(this.#folder, name), join(aside, name));
  }

  /** A log that is left beside a new file would pass for that one's. Returns whether all is in one file. */
  #foldLog(): boolean {
    try {
      const row = this.#database?.prepare('PRAGMA journal_mode=DELETE').get();
      return (row as unknown as [string] | undefined)?.[0] === 'delete';
    } catch (error) {
      if (!isDamage(error)) throw asStoreTrouble(error);
      return false;
    }
  }
}

/**
 * A store's file that nobody else can open until it is closed; undefined where it is damaged. Whoever has it open, in
 * WAL mode, has a lock that keeps others from this one.
 *
 * @throws {StoreUnavailable} another process has the store open.
 * @throws {StoreBroken} it cannot be read.
 */
export const lockedDatabase = (file: string): DatabaseSync | undefined => {
  const database = new DatabaseSync(file, { timeout: 0, returnArrays: true });
  try {
    database.exec('PRAGMA locking_mode=EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    if (isDamage(error)) return undefined;
    if (passingTrouble(error) === 'busy')
      throw new StoreUnavailable('busy', 'another process has the store open');
    throw asStoreTrouble(error);
  }
};

/** Where there is no store to hold, a ledger that starts may have made one. */
const linkOrRefuse = (fresh: string, file: string): void => {
  try {
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new StoreExists(`${file} was made meanwhile`);
  }
};

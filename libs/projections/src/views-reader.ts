import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { StoreUnavailable } from '#event-store/event-store.js';
import { FILE_VERSION, openForReading, versionOf } from './view-schema.js';
import { asReadersTrouble, isOfFiles } from './views-trouble.js';

/** Reads at one moment of the views: rows as arrays, in the order of the columns asked for. */
export type Snapshot = Readonly<{
  /** Whether there are views that this build can read; where there are none, there are no rows. */
  usable: boolean;
  /** The position up to which the views show the log; 0 where there are none. */
  asOf: number;
  rows<Row extends readonly unknown[]>(
    sql: string,
    ...values: readonly SQLInputValue[]
  ): readonly Row[];
}>;

const NOTHING: Snapshot = { usable: false, asOf: 0, rows: () => [] };

/**
 * Reads `views.db` of a folder, whichever process writes it. Where the file is not there yet, or was made
 * by another release, there are no views until the projector has made them.
 */
export class ViewsReader {
  readonly #file: string;
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync | undefined;
  /** Of the file that is open. */
  #inode: number | undefined;
  #closed = false;

  constructor(folder: string) {
    this.#file = join(folder, 'views.db');
  }

  /**
   * Calls `read` with a snapshot that is of one moment, and over when it returns.
   *
   * @throws {StoreUnavailable} the file cannot be read now, or this reader is closed.
   */
  read<Result>(read: (snapshot: Snapshot) => Result): Result {
    try {
      const database = this.#open();
      if (!database) return read(NOTHING);
      database.exec('BEGIN');
      try {
        if (versionOf(database) !== FILE_VERSION) return read(NOTHING);
        const [[asOf] = [0]] = this.#rows<[number]>('SELECT position FROM checkpoint');
        return read({ usable: true, asOf, rows: (sql, ...values) => this.#rows(sql, ...values) });
      } finally {
        database.exec('COMMIT');
      }
    } catch (error) {
      // A connection that has met damage remembers it, also when the file is mended.
      if (isOfFiles(error)) this.#forget();
      throw asReadersTrouble(error);
    }
  }

  asOf(): number {
    return this.read(({ asOf }) => asOf);
  }

  close(): void {
    this.#closed = true;
    this.#forget();
  }

  #forget(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
  }

  #open(): DatabaseSync | undefined {
    if (this.#closed) throw new StoreUnavailable('closed', 'the views are closed');
    const inode = statSync(this.#file, { throwIfNoEntry: false })?.ino;
    // Another file stands in its place, and nobody will ever write to the one that is open.
    if (inode !== this.#inode) this.#forget();
    this.#inode = inode;
    if (inode !== undefined) this.#database ??= openForReading(this.#file);
    return this.#database;
  }

  #rows<Row extends readonly unknown[]>(
    sql: string,
    ...values: readonly SQLInputValue[]
  ): readonly Row[] {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database!.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(...values) as unknown as readonly Row[];
  }
}

import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseSyncOptions } from 'node:sqlite';
import type { StoreIdentity } from '#event-store/event-store.js';
import { StoreRefused } from '#event-store/store-refused.js';

/** Milliseconds that one process waits for another's transaction before it says busy. */
const BUSY_TIMEOUT = 5_000;

/** Times that a file is opened anew because a restore has put another one in its place. */
const OPENINGS = 3;

/** What the WAL grows to before it is folded into the file, where no reader holds it back. */
export const WAL_PAGES = 4_000;

/** SQLite's default, which the file has kept since it was made. */
const PAGE_BYTES = 4_096;

/**
 * Each step takes the file one version further, and only adds, so that an older process can go on
 * beside it until it ends. A step that was released is never changed.
 *
 * Streams are numbered, so that the index over events holds integers: text there costs 2.4 times the
 * CPU and 4.7 times the bytes written. No index is on event ids: being random they double the cost of
 * an append, and the only question ever asked of them names a stream and a revision.
 */
const STEPS: readonly string[] = [
  `CREATE TABLE store(
     one INTEGER PRIMARY KEY CHECK (one = 1),
     shards INTEGER NOT NULL, shard INTEGER NOT NULL, epoch INTEGER NOT NULL) STRICT;
   INSERT INTO store(one, shards, shard, epoch) VALUES (1, 1, 0, 1);
   CREATE TABLE streams(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE events(
     position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL,
     event_id TEXT NOT NULL, type TEXT NOT NULL, time INTEGER NOT NULL,
     data TEXT NOT NULL, metadata TEXT NOT NULL, UNIQUE(stream, revision)) STRICT;`,
  // Up to which position this history is that of an earlier epoch: see agreements.ts.
  `CREATE TABLE agreements(epoch INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT;`,
  // What tells the store from every other, also from one made of the same commands: see idOf.
  `ALTER TABLE store ADD COLUMN id TEXT NOT NULL DEFAULT '';
   UPDATE store SET id = coalesce(
     (SELECT printf('%s-%x', event_id, time) FROM events WHERE position = 1),
     lower(hex(randomblob(16))));`,
];

/**
 * Opens the file for appending, makes it where there is none, and brings an older one up to date.
 *
 * @throws {StoreRefused} a newer build wrote it.
 */
export const openForAppends = (file: string): DatabaseSync => {
  const database = openInPlace(file, { timeout: BUSY_TIMEOUT, returnArrays: true });
  try {
    migrate(database, file);
    database.exec(`PRAGMA journal_mode=WAL`);
    // An acknowledged append has reached the disk. NORMAL would lose the last of them with the power.
    database.exec(`PRAGMA synchronous=FULL`);
    database.exec(`PRAGMA wal_autocheckpoint=${WAL_PAGES}`);
    // What an old reader has made the WAL grow to is given back when it has gone.
    database.exec(`PRAGMA journal_size_limit=${WAL_PAGES * PAGE_BYTES}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/**
 * A second connection, which cannot write and does not wait for those that do.
 *
 * @throws {StoreRefused} a newer build wrote the file.
 */
export const openForReads = (file: string): DatabaseSync =>
  openInPlace(file, { timeout: BUSY_TIMEOUT, returnArrays: true, readOnly: true });

/**
 * As {@link openForReads}, for who reads all that this build keeps.
 *
 * @throws {StoreRefused} also where an older build wrote the file, and no ledger has brought it up to date.
 */
export const openUpToDate = (file: string): DatabaseSync => {
  const database = openForReads(file);
  const version = versionOf(database, file);
  if (version === STEPS.length) return database;
  database.close();
  throw new StoreRefused(
    `${file} has version ${version} and this build keeps ${STEPS.length}: start the ledger on it once`,
  );
};

/**
 * A restore holds the file that it replaces until another stands in its place. Who opened the old one
 * and waited for it would then write, for ever acknowledged, to a file that nobody reads. Once a
 * connection has read in WAL mode, no restore can have the file.
 */
const openInPlace = (file: string, options: DatabaseSyncOptions): DatabaseSync => {
  for (let left = OPENINGS; ; left -= 1) {
    const expected = inodeOf(file);
    const database = new DatabaseSync(file, options);
    try {
      versionOf(database, file);
      const found = inodeOf(file);
      if (expected === undefined || expected === found) return database;
      if (left === 0) throw new StoreRefused(`${file} is being replaced again and again`);
    } catch (error) {
      database.close();
      throw error;
    }
    database.close();
  }
};

const inodeOf = (file: string): number | undefined =>
  statSync(file, { throwIfNoEntry: false })?.ino;

export const identityOf = (database: DatabaseSync): StoreIdentity => {
  const row = database.prepare('SELECT shard, epoch FROM store').get();
  const [shard, epoch] = row as unknown as [number, number];
  return { shard, epoch };
};

/**
 * What a store is known by for as long as there is one made of it: its backups have it, and what is restored
 * of them. One that was made before there were ids has that of its first event, and so have its backups.
 *
 * @param database is up to date.
 */
export const idOf = (database: DatabaseSync): string => {
  const row = database.prepare('SELECT id FROM store').get();
  const [id] = row as unknown as [string];
  return id;
};

/** @throws {StoreRefused} a newer build wrote the file. */
export const migrate = (database: DatabaseSync, file: string): void => {
  if (versionOf(database, file) === STEPS.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Asked again: another process may have been first.
    for (const step of STEPS.slice(versionOf(database, file))) database.exec(step);
    database.exec(`PRAGMA user_version=${STEPS.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};

/**
 * Which version the file has; 0 where nothing was ever written to it.
 *
 * @throws {StoreRefused} a newer build wrote it.
 */
export const versionOf = (database: DatabaseSync, file: string): number => {
  const row = database.prepare('PRAGMA user_version').get();
  const [version] = row as unknown as [number];
  if (version > STEPS.length)
    throw new StoreRefused(
      `${file} has version ${version} and this build knows ${STEPS.length}: start the newer build`,
    );
  return version;
};

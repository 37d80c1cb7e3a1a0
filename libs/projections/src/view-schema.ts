import { DatabaseSync } from 'node:sqlite';
import { documentVersion } from './authorization-document.js';

/** Raised with every change of the tables below. */
const SCHEMA_VERSION = 2;

/** `PRAGMA user_version` of a file that this build can use. Any other is rebuilt. */
export const FILE_VERSION = SCHEMA_VERSION * 1_000 + documentVersion;

/** Milliseconds that a connection waits, and this thread with it, before it says busy. */
const BUSY_TIMEOUT = 250;

/**
 * One row per authorization, its key the position at which its stream begins, so that rows and keys
 * come out the same however they are made. `status` is null without registration: such a row is kept
 * to be folded on, and is in no list. Of a capture the key is the position of its creation. Apart from
 * the documents there is nothing but what lists and look-ups go by. The indexes without a status are
 * written once for each row.
 */
export const TABLES = `
  CREATE TABLE checkpoint(
    one INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL, event_id TEXT NOT NULL) STRICT;
  CREATE TABLE authorizations(
    id INTEGER PRIMARY KEY, stream TEXT NOT NULL, merchant TEXT NOT NULL, status TEXT,
    document TEXT NOT NULL) STRICT;
  CREATE TABLE captures(
    position INTEGER PRIMARY KEY, authorization INTEGER NOT NULL, sequence INTEGER NOT NULL,
    merchant TEXT NOT NULL, status TEXT NOT NULL, waits_since TEXT NOT NULL) STRICT;
  CREATE TABLE names(
    name TEXT NOT NULL, kind TEXT NOT NULL, merchant TEXT NOT NULL, authorization INTEGER NOT NULL,
    PRIMARY KEY (name, kind, merchant, authorization)) STRICT, WITHOUT ROWID;
  CREATE TABLE unusable(
    stream TEXT PRIMARY KEY, revision INTEGER NOT NULL, why TEXT NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO checkpoint(one, position, event_id) VALUES (1, 0, '');
  CREATE UNIQUE INDEX authorization_of_stream ON authorizations(stream);
  CREATE INDEX authorizations_of_merchant ON authorizations(merchant, id);
  CREATE INDEX authorizations_by_status ON authorizations(merchant, status, id);
  CREATE INDEX captures_of_merchant ON captures(merchant, position);
  CREATE INDEX captures_by_status ON captures(merchant, status, position);`;

/** A fresh file to fill and to copy over the one in use: it survives no crash and need not. */
export const openFresh = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file, { returnArrays: true });
  database.exec('PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536');
  database.exec(TABLES);
  return database;
};

/** The file in use, for the one process that projects; made, and still empty, where there is none. */
export const openForWriting = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT, returnArrays: true });
  database.exec('PRAGMA journal_mode=WAL; PRAGMA cache_size=-32768');
  // After a power loss the views are a little older, and catch up: the log has everything.
  database.exec('PRAGMA synchronous=NORMAL');
  // A checkpoint waits for the disk. WalCheckpoints makes them, where nobody waits for it.
  database.exec('PRAGMA wal_autocheckpoint=0');
  return database;
};

/** The file in use, for lists and look-ups. */
export const openForReading = (file: string): DatabaseSync =>
  new DatabaseSync(file, { timeout: BUSY_TIMEOUT, returnArrays: true, readOnly: true });

/** The version of the file that is open; 0 where nothing was ever written to it. */
export const versionOf = (database: DatabaseSync): number => {
  const [version] = database.prepare('PRAGMA user_version').get() as unknown as [number];
  return version;
};

import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Rows of one INSERT: beyond sixteen nothing is gained. */
export const ROWS = 16;

/** Values of one row. */
export const COLUMNS = 8;

/** All are run by `get` and `all`: `run` makes an object for each call, which is a tenth of an append. */
export const prepareStatements = (database: DatabaseSync) => ({
  begin: database.prepare('BEGIN IMMEDIATE'),
  commit: database.prepare('COMMIT'),
  /** Another number than before: another connection has committed meanwhile. */
  dataVersion: database.prepare('PRAGMA data_version'),
  lastPosition: database.prepare('SELECT max(position) FROM events'),
  lastStream: database.prepare('SELECT max(id) FROM streams'),
  idOfStream: database.prepare('SELECT id FROM streams WHERE name = ?'),
  /** With its id: to have it chosen and returned would take three times as long. */
  newStream: database.prepare('INSERT INTO streams(id, name) VALUES (?, ?)'),
  lastRevision: database.prepare('SELECT max(revision) FROM events WHERE stream = ?'),
  eventsBetween: database.prepare(
    `SELECT event_id, type, data, metadata, position FROM events
     WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision`,
  ),
  /** By their number of rows: the last INSERT of a group has as many as are left. */
  inserts: Array.from({ length: ROWS + 1 }, (_, rows): StatementSync | undefined =>
    rows === 0
      ? undefined
      : database.prepare(
          `INSERT INTO events(position, stream, revision, event_id, type, time, data, metadata)
           VALUES ${Array(rows).fill('(?,?,?,?,?,?,?,?)').join()}`,
        ),
  ),
});

export type AppendStatements = ReturnType<typeof prepareStatements>;

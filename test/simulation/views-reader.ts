import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PublishedLog } from '#projections/published-log.js';
import { FILE_VERSION, versionOf } from '#projections/view-schema.js';
import type { Snapshot } from '#projections/views-reader.js';
import { viewsIn } from './views-folder.js';

/** In the place of the reader of a file: the views of a folder, whichever there are at the moment. */
export const viewsReaderOf = (folder: string): PublishedLog['views'] => ({
  read: (read) => {
    const views = viewsIn(folder);
    return read(views && versionOf(views) === FILE_VERSION ? snapshotOf(views) : NOTHING);
  },
});

const NOTHING: Snapshot = { usable: false, asOf: 0, rows: () => [] };

/** Nothing is written while it is read: all of that happens in one go. */
const snapshotOf = (views: DatabaseSync): Snapshot => {
  const rows: Snapshot['rows'] = <Row extends readonly unknown[]>(
    sql: string,
    ...values: Parameters<Snapshot['rows']>[1][]
  ) => prepared(views, sql).all(...values) as unknown as readonly Row[];
  const [[asOf] = [0]] = rows<[number]>('SELECT position FROM checkpoint');
  return { usable: true, asOf, rows };
};

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

const prepared = (views: DatabaseSync, sql: string): StatementSync => {
  const known = statements.get(views) ?? new Map<string, StatementSync>();
  statements.set(views, known);
  const statement = known.get(sql) ?? views.prepare(sql);
  known.set(sql, statement);
  return statement;
};

import type { DatabaseSync } from 'node:sqlite';
import { ViewFold } from '#projections/view-fold.js';
import { openFresh } from '#projections/view-schema.js';
import { ViewStore } from '#projections/view-store.js';
import type { Findings } from './findings.js';
import type { SimulatedLog } from './simulated-log.js';

const TABLES = ['checkpoint', 'authorizations', 'captures', 'names', 'unusable'];

/** The views that came about in many batches, restarts and rebuilds are those of one fold of the log. */
export const proveViews = (log: SimulatedLog, views: DatabaseSync, findings: Findings): void => {
  const fresh = openFresh('in memory');
  new ViewFold(new ViewStore(fresh)).apply(log.after(0, Infinity));
  for (const table of TABLES) {
    const [kept, folded] = [rowsOf(views, table), rowsOf(fresh, table)];
    if (kept !== folded) findings.violated('views_differ', `${table}: ${kept}, not ${folded}`);
  }
};

const rowsOf = (database: DatabaseSync, table: string): string =>
  JSON.stringify(database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all());

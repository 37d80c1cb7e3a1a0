import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { keyOf } from '#capture/stream-name.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { ViewFold } from '#projections/view-fold.js';
import { openFresh } from '#projections/view-schema.js';
import { ViewStore } from '#projections/view-store.js';
import { streamsIn } from './log-proof.js';
import { historyOf, listsOf, shown } from './shown.js';

/** The views that are kept are those of one fold of the log; reads and lists over HTTP agree with them. */
export const expectSoundViews = async (
  url: string,
  folder: string,
  log: readonly RecordedEvent[],
): Promise<void> => {
  const { authorizations, captures } = await listsOf(url, log.length);
  expect(rowsIn(viewsOf(folder))).toEqual(rowsIn(foldOf(log)));
  for (const view of authorizations) {
    expect(await shown(url, `/v1/authorizations/${view.authorizationId}`)).toEqual(view);
    const sequence = view.captures.map((capture) => capture.sequence);
    expect(sequence).toEqual(view.captures.map((_, index) => index + 1));
  }
  for (const view of captures) {
    const path = `/v1/captures/${view.captureId}?authorizationId=${view.authorizationId}`;
    expect(await shown(url, path)).toEqual(view);
  }
  for (const [stream, events] of streamsIn(log)) {
    const history = await historyOf(url, keyOf(stream)!.authorizationId);
    expect(history).toMatchObject(events.map(entryOf));
  }
};

const entryOf = ({ eventId, revision, position, type, data }: RecordedEvent): unknown => ({
  eventId,
  revision,
  position,
  type,
  data: JSON.parse(data) as unknown,
});

/** The views that are kept in a folder, to be read. */
export const viewsOf = (folder: string): DatabaseSync =>
  new DatabaseSync(join(folder, 'views.db'), { readOnly: true });

/** All that is kept, by table; closes the database. */
export const rowsIn = (database: DatabaseSync): Readonly<Record<string, readonly unknown[]>> => {
  const rows = TABLES.map((table) => {
    const all = database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`);
    all.setReturnArrays(true);
    return [table, all.all()];
  });
  database.close();
  return Object.fromEntries(rows) as Readonly<Record<string, readonly unknown[]>>;
};

const TABLES = ['checkpoint', 'authorizations', 'captures', 'names', 'unusable'];

const foldOf = (log: readonly RecordedEvent[]): DatabaseSync => {
  const fresh = openFresh(':memory:');
  new ViewFold(new ViewStore(fresh)).apply(log);
  return fresh;
};

import type { EventStore } from '#event-store/event-store.js';
import { ViewFold } from '#projections/view-fold.js';
import { openFresh } from '#projections/view-schema.js';
import { ViewStore } from '#projections/view-store.js';
import { rowsIn } from './kept.js';

/** The rows that the whole log makes in one fold: what is kept must be these, whatever happened. */
export const foldedWhole = async (store: EventStore): Promise<string> => {
  const database = openFresh(':memory:');
  new ViewFold(new ViewStore(database)).apply(await store.readAll(0, Infinity));
  return rowsIn(database);
};

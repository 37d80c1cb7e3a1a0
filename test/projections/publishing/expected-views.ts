// What readers must find on the topics of views, folded from the log and from nothing else.
import type { RecordedEvent, StoreIdentity } from '#event-store/event-store.js';
import { atRevision, initialDocument } from '#projections/authorization-document.js';
import { foldRecorded } from '#projections/fold-recorded.js';
import type { PublishedRecord } from '#projections/publication-sink.js';
import type { PublishedView } from '#projections/published-views.js';
import { capturesOf, viewRecords } from '#projections/view-records.js';
import type { Ledger } from '#projections/views.js';

/** The records of all views of all authorizations of a log, at its end. */
export const foldedRecords = (
  log: readonly RecordedEvent[],
  views: readonly PublishedView[],
  identity: StoreIdentity,
): readonly PublishedRecord[] =>
  [...Map.groupBy(log, ({ stream }) => stream)].flatMap(([stream, events]) => {
    const { document } = foldRecorded(initialDocument(stream), events);
    const at = atRevision(document, identity);
    return at ? viewRecords(views, at, capturesOf(at)) : [];
  });

export const ledgerIn = (value: string): Ledger => (JSON.parse(value) as { ledger: Ledger }).ledger;

/**
 * A view without the revision that it was cut at: that of a capture is not published again for what
 * happens to others.
 */
const withoutRevision = (value: string): object => {
  const view = JSON.parse(value) as { ledger: Ledger };
  const { revision: _, position: __, ...ledger } = view.ledger;
  return { ...view, ledger };
};

/**
 * By their keys: the views of authorizations as they are, and those of captures without the revision at
 * which they were cut.
 */
export const comparable = (
  { name, per }: PublishedView,
  values: Iterable<readonly [key: string, value: string]>,
): ReadonlyMap<string, unknown> =>
  new Map(
    [...values]
      .map(([key, value]): [string, unknown] => [
        key,
        per === 'capture' ? withoutRevision(value) : JSON.parse(value),
      ])
      .toSorted(([one], [other]) => (`${name}${one}` < `${name}${other}` ? -1 : 1)),
  );

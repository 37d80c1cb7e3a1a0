import type { RecordedEvent } from '#event-store/event-store.js';
import { atRevision } from './authorization-document.js';
import { decodeDocument } from './document-codec.js';
import { captureNamedIn, eventRecord } from './event-record.js';
import type { PublicationCheckpoint } from './publication-checkpoint.js';
import type { PublishedRecord } from './publication-sink.js';
import { readShown, rowOfStream } from './published-log.js';
import type { DocumentRow, PublishedLog } from './published-log.js';
import type { PublishedView } from './published-views.js';
import { viewRecords } from './view-records.js';
import type { Snapshot } from './views-reader.js';

/** Events of one transaction. Fewer cost more each, and more would keep readers waiting for the first. */
const EVENTS_MAX = 2_000;

/** Events that are read at a time: a few large ones may be enough. */
const PAGE = 500;

/** Bytes of events, and of documents, of one transaction; the one that passes it is the last, or the first. */
const BYTES_MAX = 4 * 1024 * 1024;

/** What is published in one transaction because of new events. */
export type Batch = Readonly<{
  events: readonly RecordedEvent[];
  records: readonly PublishedRecord[];
  checkpoint: PublicationCheckpoint;
}>;

/**
 * The events after a checkpoint, as far as the views have come, with the latest state of every view that
 * they touch; undefined where there are none, or the views are behind.
 *
 * @throws {StoreUnavailable | StoreBroken} of the store, or of the views.
 */
export const nextBatch = async (
  log: PublishedLog,
  views: readonly PublishedView[],
  at: PublicationCheckpoint,
): Promise<Batch | undefined> => {
  const shownTo = log.views.read(({ asOf }) => asOf);
  if (shownTo <= at.position || shownTo < at.asOf) return undefined;
  const found = await eventsBetween(log.store, at.position, shownTo);
  const newest = found.at(-1);
  if (!newest) return undefined;
  const least = Math.max(at.asOf, newest.position);
  const shown = await readShown(log, least, (snapshot) => documentsOf(snapshot, found));
  if (!shown) return undefined;
  const { events, rows } = shown.result;
  const { position, eventId } = events.at(-1)!;
  return {
    events,
    records: [
      ...events.map((event) => eventRecord(event, log.store.identity)),
      ...[...touchedBy(events)].flatMap(([stream, captures]) => {
        const row = rows.get(stream);
        return row ? recordsOf(log, views, row, captures) : [];
      }),
    ],
    checkpoint: { ...at, position, eventId, ...shown.moment },
  };
};

/** Enough events for a batch. */
const eventsBetween = async (
  store: PublishedLog['store'],
  after: number,
  upTo: number,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  let bytes = 0;
  while (events.length < EVENTS_MAX && bytes < BYTES_MAX) {
    const page = await store.readAll(events.at(-1)?.position ?? after, PAGE);
    for (const event of page) {
      if (event.position > upTo || events.length === EVENTS_MAX || bytes >= BYTES_MAX)
        return events;
      events.push(event);
      bytes += event.data.length;
    }
    if (page.length < PAGE) break;
  }
  return events;
};

type Documents = Readonly<{
  /** As many as have their documents here. */
  events: readonly RecordedEvent[];
  /** By stream; undefined where it has none: not one of its events could be folded. */
  rows: ReadonlyMap<string, DocumentRow | undefined>;
}>;

const documentsOf = (snapshot: Snapshot, events: readonly RecordedEvent[]): Documents => {
  const rows = new Map<string, DocumentRow | undefined>();
  let bytes = 0;
  for (const [index, { stream }] of events.entries()) {
    if (rows.has(stream)) continue;
    const row = rowOfStream(snapshot, stream);
    bytes += row?.[2].length ?? 0;
    if (index > 0 && bytes > BYTES_MAX) return { events: events.slice(0, index), rows };
    rows.set(stream, row);
  }
  return { events, rows };
};

/** The streams that events are of, and of each the captures that they name. */
const touchedBy = (events: readonly RecordedEvent[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const named = new Map<string, Set<string>>();
  for (const event of events) {
    let captures = named.get(event.stream);
    if (!captures) named.set(event.stream, (captures = new Set()));
    const captureId = captureNamedIn(event);
    if (captureId !== undefined) captures.add(captureId);
  }
  return named;
};

const recordsOf = (
  { store }: PublishedLog,
  views: readonly PublishedView[],
  [, stream, document]: DocumentRow,
  captures: ReadonlySet<string>,
): readonly PublishedRecord[] => {
  const at = atRevision(decodeDocument(stream, document), store.identity);
  return at ? viewRecords(views, at, captures) : [];
};

import type { EventLog } from '#event-store/event-store.js';
import type { PublicationCheckpoint } from './publication-checkpoint.js';
import { isPlaceOf } from './same-history.js';
import type { Snapshot, ViewsReader } from './views-reader.js';

/** What is published: the log of a store, and the views that a projector keeps of it. */
export type PublishedLog = Readonly<{
  store: Pick<EventLog, 'identity' | 'readAll' | 'head'> &
    Readonly<{
      /** The position up to which it is the log of an earlier epoch, too; undefined where that is not known. */
      agreesUpTo(epoch: number): Promise<number | undefined>;
    }>;
  views: Pick<ViewsReader, 'read'>;
}>;

/** What was read of the views, and of which moment of the log they were. */
export type Shown<Result> = Readonly<{
  moment: Pick<PublicationCheckpoint, 'asOf' | 'asOfEventId'>;
  result: Result;
}>;

const IDS_AFTER = 'SELECT id FROM authorizations WHERE id > ? AND id <= ? ORDER BY id LIMIT ?';
const BY_ID = 'SELECT id, stream, document FROM authorizations WHERE id = ?';
const BY_STREAM = 'SELECT id, stream, document FROM authorizations WHERE stream = ?';

/** A row of views.db: its key, and the document as it is kept. */
export type DocumentRow = readonly [id: number, stream: string, document: string];

/**
 * Reads the views at one moment, where they are this log's and show it up to `least`; else undefined: they
 * are being made, or are of a past that the store no longer has, and it is too early to publish them.
 *
 * @throws {StoreUnavailable} views.db cannot be read now; and what the store throws.
 */
export const readShown = async <Result>(
  { store, views }: PublishedLog,
  least: number,
  read: (snapshot: Snapshot) => Result,
): Promise<Shown<Result> | undefined> => {
  const shown = views.read((snapshot) => {
    const [checkpoint] = snapshot.rows<[number, string]>(
      'SELECT position, event_id FROM checkpoint',
    );
    if (!checkpoint || checkpoint[0] < least) return undefined;
    const [position, eventId] = checkpoint;
    return { place: { position, eventId }, result: read(snapshot) };
  });
  if (!shown || !(await isPlaceOf(store, shown.place))) return undefined;
  const { place, result } = shown;
  return { moment: { asOf: place.position, asOfEventId: place.eventId }, result };
};

export const rowOfStream = (snapshot: Snapshot, stream: string): DocumentRow | undefined =>
  snapshot.rows<DocumentRow>(BY_STREAM, stream)[0];

/**
 * The next rows by their keys, after `after` and up to `until`, at most so many; each is read when it is
 * asked for, for one may be megabytes.
 */
export const rowsAfter = function* (
  snapshot: Snapshot,
  { after, until }: Readonly<{ after: number; until: number }>,
  most: number,
): Generator<DocumentRow, void> {
  for (const [id] of snapshot.rows<[number]>(IDS_AFTER, after, until, most))
    yield* snapshot.rows<DocumentRow>(BY_ID, id);
};

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog, RecordedEvent } from '#event-store/event-store.js';
import type { Clock } from '#runtime/clock.js';
import type { ProjectorLock } from './projector-lock.js';
import { StreamRows } from './stream-rows.js';
import { ViewFold } from './view-fold.js';
import { FILE_VERSION, openFresh } from './view-schema.js';
import { ViewStore } from './view-store.js';
import type { Checkpoint, Unusable } from './view-store.js';
import { putInPlace } from './views-file.js';

/** Events that are read, folded and kept at a time: a few milliseconds, then everything else has its turn. */
const PAGE = 256;

export type RebuildProgress = Readonly<{
  /** Events folded so far, of about so many. */
  done: number;
  total: number;
  /** Events per second, over all of it. */
  rate: number;
}>;

export type Rebuild = Readonly<{
  store: EventLog;
  /** Proof that nobody else writes the views of its folder. */
  lock: ProjectorLock;
  clock: Clock;
  /** Once it is aborted, the rebuild leaves everything as it was. */
  signal: AbortSignal;
  progress(progress: RebuildProgress): void;
  unusable(trouble: Unusable): void;
}>;

/**
 * Makes all views of the folder anew, in a file beside the one in use, and puts it in its place once it
 * has come as far as the log. Until then, and whenever it is killed, the old views stay as they are, unless
 * their file was no database; see {@link putInPlace} for what readers see.
 *
 * Resolves with the position of the new views, or with undefined where it was aborted.
 *
 * @throws {StoreUnavailable | StoreBroken} of the event store.
 * @throws {UnknownEvent} a newer release wrote to the log: the process must end.
 * @throws the errors of `node:sqlite`: the new file cannot be written.
 */
export const rebuildViews = async (rebuild: Rebuild): Promise<number | undefined> => {
  const fresh = join(rebuild.lock.folder, 'views.db.next');
  rmSync(fresh, { force: true });
  const database = openFresh(fresh);
  try {
    const views = new ViewStore(database);
    const { store, signal } = rebuild;
    const noted = await checkpointAt(store, await store.head());
    const told = progressOf(rebuild, noted.position);
    await keepByStream(rebuild, views, told);
    views.keep({ changes: [], unusable: [], checkpoint: noted });
    await follow(rebuild, views, told);
    if (signal.aborted) return undefined;
    // Last, so that a file that is not whole is of no version.
    database.exec(`PRAGMA user_version=${FILE_VERSION}`);
    const { position } = views.checkpoint();
    await putInPlace(database, join(rebuild.lock.folder, 'views.db'));
    return position;
  } finally {
    database.close();
    rmSync(fresh, { force: true });
  }
};

/** Each stream whole, so that each row is written once. */
const keepByStream = async (
  { store, clock, signal, unusable }: Rebuild,
  views: ViewStore,
  told: (events: number) => void,
): Promise<void> => {
  const rows = new StreamRows(views, unusable);
  let page = await store.readByStream(undefined, PAGE);
  while (!signal.aborted) {
    rows.add(page.events);
    told(page.events.length);
    if (!page.next) break;
    await clock.wait(0);
    page = await store.readByStream(page.next, PAGE);
  }
  rows.end();
};

/** What was appended meanwhile, until there is nothing more. */
const follow = async (
  { store, clock, signal, unusable }: Rebuild,
  views: ViewStore,
  told: (events: number) => void,
): Promise<void> => {
  const fold = new ViewFold(views);
  while (!signal.aborted) {
    const page: readonly RecordedEvent[] = await store.readAll(views.checkpoint().position, PAGE);
    for (const trouble of fold.apply(page)) unusable(trouble);
    told(page.length);
    if (page.length < PAGE) break;
    await clock.wait(0);
  }
};

const checkpointAt = async (store: EventLog, position: number): Promise<Checkpoint> => {
  const [event] = position > 0 ? await store.readAll(position - 1, 1) : [];
  return { position, eventId: event?.eventId ?? '' };
};

const progressOf = ({ clock, progress }: Rebuild, head: number): ((events: number) => void) => {
  const since = clock.now();
  let done = 0;
  return (events) => {
    done += events;
    const seconds = Math.max(clock.now() - since, 1) / 1_000;
    progress({ done, total: Math.max(head, done), rate: Math.round(done / seconds) });
  };
};

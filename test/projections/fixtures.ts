// A folder with a real store in it, and what reads and keeps its views.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { Projector } from '#projections/projector.js';
import type { ProjectorObserver } from '#projections/projector-observer.js';
import { StreamReader } from '#projections/stream-reader.js';
import { ViewLists } from '#projections/view-lists.js';
import { ViewsReader } from '#projections/views-reader.js';
import type { Unusable } from '#projections/view-store.js';
import type { Clock } from '#runtime/clock.js';
import { systemClock } from '#runtime/system-clock.js';
import { Books } from './history-writer.js';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-views-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** What a projector said. */
export class Observed implements ProjectorObserver {
  waited = 0;
  rebuilt = 0;
  readonly followedFrom: number[] = [];
  readonly batches: number[] = [];
  readonly alarms: Unusable[] = [];
  readonly troubles: string[] = [];

  waiting = () => void (this.waited += 1);
  rebuilding = ({ done }: { done: number }) => void (this.rebuilt = done);
  following = (position: number) => void this.followedFrom.push(position);
  projected = ({ events }: { events: number }) => void this.batches.push(events);
  unusable = (trouble: Unusable) => void this.alarms.push(trouble);
  trouble = ({ message }: Error) => void this.troubles.push(message);
}

export type Projecting = Readonly<{
  observed: Observed;
  /** Resolves when it has stopped, and rejects where it has failed. */
  stop(): Promise<void>;
  running: Promise<void>;
}>;

/** A projector at work, stopped at the end of the test if not before. */
export const project = (
  store: EventStore,
  folder: string,
  observed = new Observed(),
): Projecting => {
  const stopping = new AbortController();
  const projector = new Projector({ store, folder, clock: systemClock, observer: observed });
  const running = projector.run(stopping.signal);
  const stop = () => {
    stopping.abort();
    return running;
  };
  closing.push(() => stop().catch(() => undefined));
  return { observed, stop, running };
};

export const openLedger = async (folder = temporaryFolder(), clock: Clock = systemClock) => {
  const store = await openSqliteEventStore({ folder, clock });
  const views = new ViewsReader(folder);
  closing.push(() => {
    views.close();
    return store.close();
  });
  const lists = new ViewLists(views, store, systemClock);
  return {
    folder,
    file: join(folder, 'views.db'),
    store,
    books: new Books(store),
    views,
    lists,
    reader: new StreamReader(store, views),
    /** Waits until the views show everything that was written. */
    shown: async () => {
      if (!(await lists.waitFor(await store.head(), 60_000))) throw new Error('views are behind');
    },
  };
};

/** Waits for something to become true. */
export const until = async (holds: () => boolean): Promise<void> => {
  for (let turn = 0; !holds(); turn += 1) {
    if (turn === 6_000) throw new Error('it never came true');
    await systemClock.wait(10);
  }
};

// What it costs to replay the log, against a scan that reads and decodes every event: folded in memory,
// rebuilt with rows kept (stream by stream, as `capture-ledger rebuild` does), and projected in order.
// `node bench/replay.ts [events]`, after a build.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { evolveDocument, initialDocument } from '#projections/authorization-document.js';
import type { AuthorizationDocument } from '#projections/authorization-document.js';
import { decode } from '#projections/fold-recorded.js';
import { ProjectorLock } from '#projections/projector-lock.js';
import { rebuildViews } from '#projections/rebuild.js';
import { ViewFold } from '#projections/view-fold.js';
import { FILE_VERSION, openFresh } from '#projections/view-schema.js';
import { openViews } from '#projections/views-file.js';
import { systemClock } from '#runtime/system-clock.js';
import { medianOf } from './median.ts';
import type { Row } from './row.ts';
import { appendSales, EVENTS_OF_A_SALE } from './shop-day.ts';

const ROUNDS = 5;
const PAGE = 1_000;
const BATCH = 128;

/** Rows for a log of about so many events, five to an authorization. */
export const replayRows = async (events: number): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'ledger-bench-replay-'));
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  try {
    await appendSales(store, { from: 0, until: events / EVENTS_OF_A_SALE, atOnce: 512 });
    const rounds: Record<keyof typeof ways, number>[] = [];
    // The first round warms up: code is compiled, and the pages of the file are in memory.
    for (let round = 0; round <= ROUNDS; round += 1)
      rounds.push({
        scan: await rateOf(store, () => ways.scan(store)),
        fold: await rateOf(store, () => ways.fold(store)),
        rebuild: await rateOf(store, () => ways.rebuild(store, folder)),
        project: await rateOf(store, () => ways.project(store, folder)),
      });
    return rowsOf(rounds.slice(1));
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
};

const scan = async (store: EventStore): Promise<void> => {
  for await (const page of pagesOf(store)) for (const event of page) decode(event);
};

const foldInMemory = async (store: EventStore): Promise<void> => {
  const documents = new Map<string, AuthorizationDocument>();
  for await (const page of pagesOf(store))
    for (const event of page) {
      const document = documents.get(event.stream) ?? initialDocument(event.stream);
      documents.set(event.stream, evolveDocument(document, decode(event)));
    }
};

const rebuild = async (store: EventStore, folder: string): Promise<void> => {
  const lock = ProjectorLock.take(folder);
  if (!lock) throw new Error('another process projects');
  const { signal } = new AbortController();
  const nothing = { progress: () => undefined, unusable: () => undefined };
  await rebuildViews({ store, lock, clock: systemClock, signal, ...nothing });
  lock.release();
};

/** In the projector's batches, from an empty file. */
const project = async (store: EventStore, folder: string): Promise<void> => {
  const file = join(folder, 'views.db');
  for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
  const fresh = openFresh(file);
  fresh.exec(`PRAGMA user_version=${FILE_VERSION}`);
  fresh.close();
  const views = openViews(file)!;
  const fold = new ViewFold(views);
  for await (const page of pagesOf(store))
    for (let from = 0; from < page.length; from += BATCH) {
      fold.apply(page.slice(from, from + BATCH));
      await turn();
    }
  views.close();
};

const ways = { scan, fold: foldInMemory, rebuild, project };

async function* pagesOf(store: EventStore) {
  let position = 0;
  for (;;) {
    const page = await store.readAll(position, PAGE);
    const last = page.at(-1);
    if (!last) return;
    yield page;
    position = last.position;
  }
}

const rateOf = async (store: EventStore, way: () => Promise<void>): Promise<number> => {
  const events = await store.head();
  const started = performance.now();
  await way();
  return (events / (performance.now() - started)) * 1_000;
};

const rowsOf = (rounds: readonly Record<keyof typeof ways, number>[]): readonly Row[] => {
  const row = (way: keyof typeof ways, name: string, least?: number): Row => {
    const ratio = medianOf(rounds.map((round) => round[way] / round.scan));
    return {
      name,
      baseline: way === 'scan' ? '' : 'a scan that decodes every event',
      value: medianOf(rounds.map((round) => round[way])),
      unit: 'events/s',
      ratio: way === 'scan' ? undefined : ratio,
      target: least === undefined ? 'shown' : `>= ${least}`,
      met: least === undefined || ratio >= least,
    };
  };
  return [
    row('scan', 'scan and decode'),
    row('fold', 'replay: fold in memory', 0.2),
    row('rebuild', 'replay: rebuild with rows kept', 0.15),
    row('project', 'replay: project in order, from nothing'),
  ];
};

if (import.meta.main) console.table(await replayRows(Number(process.argv[2] ?? 100_000)));

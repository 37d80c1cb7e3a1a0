// What the store costs as it grows: appends, replay and reads of one stream, at each size, warm; and
// reads of one stream with an empty page cache, where this machine lets us empty it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemaVersions } from '#capture/events.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { evolve, initialState } from '#capture/evolve.js';
import { upcasters } from '#capture/upcasters.js';
import { eventDecoder } from '#event-store/event-codec.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { medianOf } from './median.ts';
import type { Row } from './row.ts';
import { appendSales } from './shop-day.ts';

const ROUNDS = 5;
const EVENTS_OF_A_ROUND = 20_000;
const STREAMS_READ = 4_000;
const EVENTS_REPLAYED = 100_000;

const decode = eventDecoder<AuthorizationEvent>({ schemaVersions, upcasters });

type Costs = Readonly<{ append: number; replay: number; read: number }>;

/** Rows for each of `sizes` (events), each measured against the smallest. */
export const growthRows = async (sizes: readonly number[]): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'ledger-bench-growth-'));
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  const rows: Row[] = [];
  try {
    let sales = 0;
    let smallest: Costs | undefined;
    for (const size of sizes) {
      sales = await appendSales(store, { from: sales, until: size / 5, atOnce: 512 });
      const measured = await costsAt(store, sales);
      sales = measured.sales;
      smallest ??= measured.costs;
      rows.push(...rowsOf(size, measured.costs, smallest));
      rows.push(await coldRow(store, size, sales));
    }
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
  return rows;
};

const costsAt = async (
  store: EventStore,
  before: number,
): Promise<{ costs: Costs; sales: number }> => {
  let sales = before;
  const append: number[] = [];
  const replay: number[] = [];
  const read: number[] = [];
  await readStreams(store, sales);
  for (let round = 0; round < ROUNDS; round += 1) {
    const until = sales + EVENTS_OF_A_ROUND / 5;
    const started = performance.now();
    sales = await appendSales(store, { from: sales, until, atOnce: 64 });
    append.push(perSecond(EVENTS_OF_A_ROUND, started));
    replay.push(await replayed(store));
    read.push(await readStreams(store, sales));
  }
  return {
    costs: { append: medianOf(append), replay: medianOf(replay), read: medianOf(read) },
    sales,
  };
};

/** Events a second, decoded, from somewhere in the log. */
const replayed = async (store: EventStore): Promise<number> => {
  const head = await store.head();
  let position = Math.floor(Math.random() * Math.max(1, head - EVENTS_REPLAYED));
  const started = performance.now();
  let events = 0;
  while (events < EVENTS_REPLAYED) {
    const page = await store.readAll(position, 1_000);
    const last = page.at(-1);
    if (!last) break;
    for (const event of page) decode(event);
    events += page.length;
    position = last.position;
  }
  return perSecond(events, started);
};

/** Streams a second, at random, read and folded. */
const readStreams = async (
  store: EventStore,
  sales: number,
  count = STREAMS_READ,
): Promise<number> => {
  const started = performance.now();
  for (let n = 0; n < count; n += 1) {
    const stream = `authorization-shop/auth_${Math.floor(Math.random() * sales)}`;
    let state = initialState;
    for (const event of await store.readStream(stream)) state = evolve(state, decode(event));
    if (!state.registered) throw new Error(`${stream} was not registered`);
  }
  return perSecond(count, started);
};

const coldRow = async (store: EventStore, size: number, sales: number): Promise<Row> => {
  const name = `read a stream, cold, at ${inWords(size)} events`;
  const row = { name, baseline: '', ratio: undefined, target: 'shown', met: true };
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '1');
  } catch {
    return { ...row, value: Number.NaN, unit: 'streams/s (the page cache cannot be emptied here)' };
  }
  return { ...row, value: await readStreams(store, sales, 500), unit: 'streams/s' };
};

const rowsOf = (size: number, costs: Costs, smallest: Costs): readonly Row[] =>
  (
    [
      ['append, 64 in flight', 'append', 'events/s', 0.7],
      ['replay, decoded', 'replay', 'events/s', 0.7],
      ['read and fold a stream', 'read', 'streams/s', 0.5],
    ] as const
  ).map(([name, cost, unit, target]) => {
    const ratio = costs[cost] / smallest[cost];
    return {
      name: `${name}, at ${inWords(size)} events`,
      baseline: 'the same at the smallest size',
      value: costs[cost],
      unit,
      ratio,
      target: `>= ${target} at 5 M`,
      met: ratio >= target,
    };
  });

const inWords = (size: number): string =>
  size >= 1_000_000 ? `${size / 1_000_000} M` : `${size / 1_000} k`;

const perSecond = (count: number, started: number): number =>
  (count * 1_000) / (performance.now() - started);

// What an append costs through the whole store: against a raw log of the same bytes, and against what
// else somebody who writes TypeScript would pick; and what it costs everybody else on the thread.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { appendOneByOne, appendsPerSecond } from './appends-per-second.ts';
import type { AppendsEvents } from './appends-per-second.ts';
import { openEmmett } from './emmett.ts';
import { medianOf } from './median.ts';
import { blockingRawLinesPerSecond, rawLinesPerSecond } from './raw-log.ts';
import type { Row } from './row.ts';
import { EVENTS_OF_A_STREAM, linesOf, sampleStreams } from './sample-streams.ts';

const ROUNDS = 5;
const APPENDS_PER_SECOND = 10_000;
const SECONDS = 4;

const ways = [
  { name: 'append, 64 in flight', inFlight: 64, streams: 4_000, ofRaw: 0.4, ofEmmett: 6 },
  { name: 'append, one at a time', inFlight: 1, streams: 400, ofRaw: 0.8, ofEmmett: 2 },
] as const;
type Way = (typeof ways)[number];

/** Events a second of each, in one round. */
type Round = Readonly<{ store: number; raw: number; blocking: number; emmett: number | undefined }>;

export const appendRows = async (): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'ledger-bench-append-'));
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  const emmett = await openEmmett(folder);
  try {
    const rows: Row[] = [];
    for (const way of ways) {
      const rounds: Round[] = [];
      await roundOf(way, { folder, store, emmett });
      for (let round = 0; round < ROUNDS; round += 1)
        rounds.push(await roundOf(way, { folder, store, emmett }));
      rows.push(...rowsOf(way, rounds));
    }
    return [...rows, await delayRow(store)];
  } finally {
    await Promise.all([store.close(), emmett?.close()]);
    rmSync(folder, { recursive: true });
  }
};

/** One after another, so that a slow moment of the machine is a slow moment for all of them. */
const roundOf = async (
  { inFlight, streams: count }: Way,
  {
    folder,
    store,
    emmett,
  }: Readonly<{ folder: string; store: AppendsEvents; emmett: AppendsEvents | undefined }>,
): Promise<Round> => {
  const streams = sampleStreams(count);
  const lines = linesOf(streams);
  const file = join(folder, 'raw.log');
  const round = {
    raw: await rawLinesPerSecond(file, lines, inFlight),
    store: await appendsPerSecond(store, streams, inFlight),
    blocking: blockingRawLinesPerSecond(file, lines, inFlight),
    emmett: emmett && (await appendsPerSecond(emmett, streams.slice(0, count >> 2), inFlight)),
  };
  rmSync(file);
  return round;
};

const rowsOf = ({ name, ofRaw, ofEmmett }: Way, rounds: readonly Round[]): Row[] => {
  const value = medianOf(rounds.map(({ store }) => store));
  const against = (other: (round: Round) => number): number =>
    medianOf(rounds.map((round) => round.store / other(round)));
  const raw = against((round) => round.raw);
  const blocking = against((round) => round.blocking);
  const isInstalled = rounds.every(({ emmett }) => emmett !== undefined);
  const emmett = isInstalled ? against((round) => round.emmett!) : undefined;
  const row = { name, value, unit: 'events/s' };
  return [
    { ...row, baseline: 'raw log', ratio: raw, target: `>= ${ofRaw}`, met: raw >= ofRaw },
    { ...row, baseline: 'raw log, blocking', ratio: blocking, target: 'shown', met: true },
    emmett === undefined
      ? { ...row, baseline: 'Emmett', ratio: emmett, target: 'not installed', met: true }
      : {
          ...row,
          baseline: 'Emmett',
          ratio: emmett,
          target: `>= ${ofEmmett}`,
          met: emmett >= ofEmmett,
        },
  ];
};

/** What timers on the same thread suffer from appends that come at a steady rate. */
const delayRow = async (store: AppendsEvents): Promise<Row> => {
  const streamsPerMillisecond = APPENDS_PER_SECOND / EVENTS_OF_A_STREAM / 1_000;
  const streams = sampleStreams(streamsPerMillisecond * 1_000 * SECONDS).values();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const appending: Promise<void>[] = [];
  delay.enable();
  const started = performance.now();
  for (const stream of streams) {
    appending.push(appendOneByOne(store, stream));
    while (performance.now() - started < appending.length / streamsPerMillisecond)
      await setTimeout(1);
  }
  await Promise.all(appending);
  delay.disable();
  const value = delay.percentile(99) / 1e6;
  return {
    name: 'event-loop delay, p99, at 10 000 appends/s',
    baseline: '',
    value,
    unit: 'ms',
    ratio: undefined,
    target: '<= 10 ms',
    met: value <= 10,
  };
};

if (import.meta.main) console.table(await appendRows());

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { ProjectorLock } from '#projections/projector-lock.js';
import { rebuildViews } from '#projections/rebuild.js';
import type { RebuildProgress } from '#projections/rebuild.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import { exitCodeOf } from './exit-code.js';

/** Milliseconds between two lines of progress. */
const REPORT_EVERY = 1_000;

/**
 * Makes all views of the store anew, telling how far it has come on stderr. The process that projects
 * has the views; it is stopped first.
 *
 * @throws {Trouble} there is no store, it cannot be read, or another process keeps its views: those stay.
 */
export const rebuild = async ({ store: folder, origins }: Configuration): Promise<void> => {
  const setting = { name: 'LEDGER_STORE', origin: origins.LEDGER_STORE } as const;
  if (!existsSync(join(folder, 'events.db'))) {
    throw new Trouble({
      what: `Cannot rebuild the views in ${folder}`,
      cause: 'there is no store',
      setting,
      cures: [{ command: 'LEDGER_STORE=/a/folder npm run ledger -- rebuild', effect: 'another' }],
      exitCode: exitCodes.usage,
    });
  }
  const lock = ProjectorLock.take(folder);
  if (!lock) {
    throw new Trouble({
      what: `Cannot rebuild the views in ${folder}`,
      cause: 'another process keeps them',
      setting,
      cures: [{ command: 'kill -TERM PID', effect: 'stop the ledger that runs on this store' }],
      exitCode: exitCodes.unreachable,
    });
  }
  try {
    await rebuildUnder(lock);
  } catch (cause) {
    throw new Trouble({
      what: `The views in ${folder} could not be rebuilt; the old ones stay`,
      cause,
      setting,
      cures: [],
      exitCode: exitCodeOf(cause),
    });
  } finally {
    lock.release();
  }
};

const rebuildUnder = async (lock: ProjectorLock): Promise<void> => {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  const { signal } = stopping;
  const clock = systemClock;
  const store = await openSqliteEventStore({ folder: lock.folder, clock });
  try {
    const unusable = ({ stream, revision, why }: Unfoldable): void =>
      say(`${stream} cannot be folded at revision ${revision}: ${why}`);
    const progress = progressLines();
    const position = await rebuildViews({ store, lock, clock, signal, progress, unusable });
    say(position === undefined ? 'Stopped; the old views stay.' : `Rebuilt: as of ${position}.`);
    process.exitCode = position === undefined ? exitCodes.unexpected : exitCodes.ok;
  } finally {
    await store.close();
  }
};

type Unfoldable = Readonly<{ stream: string; revision: number; why: string }>;

const progressLines = (): ((progress: RebuildProgress) => void) => {
  let told = systemClock.now();
  return ({ done, total, rate }) => {
    const now = systemClock.now();
    if (now - told < REPORT_EVERY && done < total) return;
    told = now;
    const share = total === 0 ? 100 : Math.floor((done / total) * 100);
    say(`${share} %   ${done} of ${total} events   ${rate} events/s`);
  };
};

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

import { jest } from '@jest/globals';
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RecordedEvent } from '#event-store/event-store.js';
import { startAppending } from '../event-store/appending-child.js';
import { fillStore } from '../event-store/chained-history.js';
import { identityIn } from '../event-store/store-files.js';
import { backUp, logInBackup, restore } from './backups.js';
import { logIn } from '../event-store/log-in.js';
import { cleanUp, temporaryFolder } from './program.js';
import type { Program } from './program.js';

// Whole programs are started and killed, some dozens of times.
jest.setTimeout(300_000);

afterAll(cleanUp);

/** Kills a program before it changes a file for the Nth time. */
const killedAt = (step: number): Readonly<Record<string, string>> => ({
  KILL_AT_STEP: String(step),
  NODE_OPTIONS: `--import=${pathToFileURL('test/journeys/kill-at-step.ts').href}`,
});

/** Runs a program again and again, killed one step later each time, until it comes to its end alive. */
const killEverywhere = async (
  run: (environment: Readonly<Record<string, string>>) => Program,
  afterKill: () => Promise<void>,
): Promise<void> => {
  for (let step = 1; ; step += 1) {
    const ended = await run(killedAt(step)).ended();
    if (ended === 0) return;
    expect(ended).toBe('SIGKILL');
    await afterKill();
  }
};

/** Where the old store does not stand in its place any more, it is kept beside it. */
const keptIn = (folder: string): string =>
  identityIn(folder).epoch === 1
    ? folder
    : join(
        folder,
        readdirSync(folder).find((name) => name.startsWith('replaced-'))!,
      );

/** A store whose last process was killed, so that it is in two files. */
const leaveStore = async (folder: string): Promise<void> => {
  const child = startAppending(folder, 'killed', 1_000);
  await child.until(50);
  child.kill();
  await child.ended;
  expect(statSync(join(folder, 'events.db-wal')).size).toBeGreaterThan(0);
};

const logOf = (folder: string): Promise<readonly RecordedEvent[] | undefined> =>
  existsSync(join(folder, 'events.db')) ? logIn(folder) : Promise.resolve(undefined);

/** A backup of a store of its own. */
let file: string;
let backedUp: readonly RecordedEvent[];

beforeAll(async () => {
  const origin = temporaryFolder();
  file = join(temporaryFolder(), 'backup.db');
  await fillStore(origin, { streams: 2, each: 3 });
  await backUp(origin, file).ended();
  backedUp = await logIn(origin);
});

describe('killed wherever it changes a file', () => {
  it('a restore leaves the store that was there or the one that it restores, whole', async () => {
    const folder = join(temporaryFolder(), 'store');
    const pristine = temporaryFolder();
    const reset = (to: string): void => {
      rmSync(to, { recursive: true, force: true });
      cpSync(pristine, to, { recursive: true });
    };
    await leaveStore(pristine);
    reset(folder);
    const old = await logIn(folder);
    reset(folder);

    const found = new Set<number>();
    await killEverywhere(
      (environment) => restore(folder, file, ['--replace'], environment),
      async () => {
        expect(existsSync(join(folder, 'events.db'))).toBe(true);
        const { epoch } = identityIn(folder);
        found.add(epoch);
        expect(await logIn(folder)).toEqual(epoch === 1 ? old : backedUp);
        expect(await logIn(keptIn(folder))).toEqual(old);
        reset(folder);
      },
    );
    expect(found).toEqual(new Set([1, 2]));
    expect(await logIn(folder)).toEqual(backedUp);
    expect(readdirSync(folder).filter((name) => name.startsWith('restoring-'))).toEqual([]);
  });

  it('a restore to an empty folder leaves no store, or the one that it restores, whole', async () => {
    const folder = join(temporaryFolder(), 'store');
    const found = new Set<number | undefined>();
    await killEverywhere(
      (environment) => restore(folder, file, [], environment),
      async () => {
        const log = await logOf(folder);
        found.add(log && identityIn(folder).epoch);
        expect(log ?? backedUp).toEqual(backedUp);
        rmSync(folder, { recursive: true, force: true });
      },
    );
    expect(found).toEqual(new Set([undefined, 2]));
  });

  it('a backup leaves no file of its name, or one that is whole', async () => {
    const folder = temporaryFolder();
    await leaveStore(folder);
    let place = temporaryFolder();
    const found = new Set<boolean>();
    await killEverywhere(
      (environment) => backUp(folder, join(place, 'backup.db'), environment),
      async () => {
        const isThere = existsSync(join(place, 'backup.db'));
        found.add(isThere);
        expect(isThere ? await logInBackup(join(place, 'backup.db')) : 'none').toEqual(
          isThere ? await logIn(folder) : 'none',
        );
        place = temporaryFolder();
      },
    );
    expect(found).toEqual(new Set([false, true]));
    expect(await logInBackup(join(place, 'backup.db'))).toEqual(await logIn(folder));
    expect(readdirSync(place)).toEqual(['backup.db']);
  });
});

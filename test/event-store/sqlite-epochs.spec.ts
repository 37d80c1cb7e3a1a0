import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { verifyChain } from '#event-store/chain.js';
import { holdForEpoch } from '#event-store/new-epoch.js';
import { backupStore } from '#event-store/sqlite-backup.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { openSqliteLog } from '#event-store/sqlite-log.js';
import { restoreStore } from '#event-store/sqlite-restore.js';
import { systemClock } from '#runtime/system-clock.js';
import { ChainedHistory } from './chained-history.js';
import { logIn } from './log-in.js';
import { tamper, unfollowed } from './store-files.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

/** A store of the first release, when nothing was kept of earlier epochs; four events of two streams. */
const ofFirstRelease = readFileSync(new URL('./golden/store-1.sql', import.meta.url), 'utf8');

const makeOfFirstRelease = (file: string, epoch = 1): void => {
  const database = new DatabaseSync(file);
  database.exec(ofFirstRelease);
  database.prepare('UPDATE store SET epoch = ?').run(epoch);
  database.close();
};

let folder: string;
let backups: string;
beforeEach(() => {
  folder = temporaryFolder();
  backups = temporaryFolder();
});
afterAll(removeTemporaryFolders);

let streams = 0;

/** Events that no other store has. */
const append = async (events: number): Promise<void> => {
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  for (let event = 0; event < events; event += 1)
    await new ChainedHistory().append(store, `authorization-default/auth-${(streams += 1)}`);
  await store.close();
};

const backUp = async (name: string): Promise<string> => {
  const file = join(backups, name);
  await backupStore({ folder, file, ...unfollowed });
  return file;
};

const restore = async (file: string, afterEpoch?: number): Promise<void> => {
  const options = { replace: true, views: [], clock: systemClock, afterEpoch };
  await restoreStore({ file, folder, ...options, ...unfollowed });
};

/** What the store says of the epochs 1, 2, 3 … before its own. */
const agreed = async (): Promise<readonly (number | undefined)[]> => {
  const log = openSqliteLog({ folder, clock: systemClock });
  const epochs = Array.from({ length: log.identity.epoch - 1 }, (_, index) => index + 1);
  const positions = await Promise.all(epochs.map((epoch) => log.agreesUpTo(epoch)));
  await log.close();
  return positions;
};

describe('A SQLite event store knows up to where it is the same as in an earlier epoch', () => {
  it('where it was restored again and again, from backups of any of its lives', async () => {
    await append(5);
    const first = await backUp('first.db');
    await append(3);
    const second = await backUp('second.db');
    await append(2);
    await restore(first);
    expect(await agreed()).toEqual([5]);
    await append(4);
    const third = await backUp('third.db');
    await restore(second);
    expect(await agreed()).toEqual([8, 5]);
    await append(1);
    await restore(third);
    expect(await agreed()).toEqual([5, 9, 5]);
    const store = await openSqliteEventStore({ folder, clock: systemClock });
    expect(store.identity.epoch).toBe(4);
    expect(await store.agreesUpTo(2)).toBe(9);
    await store.close();
  });

  it('where nothing is left of it, as far as the backup tells', async () => {
    await append(5);
    const first = await backUp('first.db');
    await restore(first);
    const second = await backUp('second.db');
    writeFileSync(join(folder, 'events.db'), 'x'.repeat(20_000));
    await restore(first, 3);
    expect(await agreed()).toEqual([5, undefined, undefined]);
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    await restore(second, 4);
    expect(await agreed()).toEqual([5, 5, undefined, undefined]);
  });

  it('where a ledger was started without it, on an empty disk', async () => {
    await append(5);
    const file = await backUp('backup.db');
    rmSync(join(folder, 'events.db'));
    await append(0);
    await restore(file);
    expect(await agreed()).toEqual([5]);
  });

  it('but not where another store was there in that epoch', async () => {
    await append(5);
    const file = await backUp('backup.db');
    rmSync(join(folder, 'events.db'));
    await append(7);
    await restore(file);
    expect(await agreed()).toEqual([undefined]);
  });

  it('also where it is damaged, by what the backup tells', async () => {
    await append(5);
    const file = await backUp('backup.db');
    tamper(join(folder, 'events.db'), 'DROP TABLE events');
    await restore(file);
    expect(await agreed()).toEqual([5]);
  });
});

describe('A SQLite event store of the first release', () => {
  it('is brought up to date where it stands, and goes on', async () => {
    makeOfFirstRelease(join(folder, 'events.db'));
    const log = await logIn(folder);
    expect(log.map(({ position, revision }) => [position, revision])).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
    ]);
    for (const [stream, events] of Map.groupBy(log, (one) => one.stream))
      verifyChain(stream, events);
    await append(1);
    expect(await logIn(folder)).toMatchObject([...log, { position: 5 }]);
    await restore(await backUp('backup.db'));
    expect(await agreed()).toEqual([5]);
  });

  it('is restored from a backup of that time, in the place of a store of that time', async () => {
    const file = join(backups, 'backup.db');
    makeOfFirstRelease(file);
    makeOfFirstRelease(join(folder, 'events.db'));
    await restore(file);
    expect(await agreed()).toEqual([4]);
    expect(await logIn(folder)).toHaveLength(4);
  });

  it('knows nothing of an epoch in which nothing was kept of it', async () => {
    makeOfFirstRelease(join(folder, 'events.db'), 3);
    await append(1);
    expect(await agreed()).toEqual([undefined, undefined]);
    await restore(await backUp('backup.db'));
    expect(await agreed()).toEqual([undefined, undefined, 5]);
  });
});

it('a log that an older build wrote is refused in plain words, until a store has brought it up to date', async () => {
  const file = join(folder, 'events.db');
  makeOfFirstRelease(file);
  expect(() => openSqliteLog({ folder, clock: systemClock })).toThrow(
    `${file} has version 1 and this build keeps 3: start the ledger on it once`,
  );
  await append(1);
  await openSqliteLog({ folder, clock: systemClock }).close();
});

const raiseEpoch = (seen: readonly number[]): number => {
  const held = holdForEpoch(folder, seen);
  held.begin();
  held.release();
  return held.epoch;
};

describe('A SQLite event store that readers are to have in the place of another', () => {
  it('begins an epoch above all that they have seen, and knows of none what of it they have', async () => {
    await append(5);
    const backup = await backUp('backup.db');
    await append(2);
    await restore(backup);
    expect(await agreed()).toEqual([5]);
    const before = await logIn(folder);
    expect(raiseEpoch([1, 4])).toBe(5);
    expect(await agreed()).toEqual([0, 0, undefined, 0]);
    expect(await logIn(folder)).toEqual(before);
    expect(raiseEpoch([2])).toBe(6);
    await append(1);
    expect(await logIn(folder)).toHaveLength(6);
  });

  it('is not touched while a process has it open', async () => {
    await append(1);
    const store = await openSqliteEventStore({ folder, clock: systemClock });
    expect(() => raiseEpoch([1])).toThrow('another process has the store open');
    await store.close();
    expect(await agreed()).toEqual([]);
  });
});

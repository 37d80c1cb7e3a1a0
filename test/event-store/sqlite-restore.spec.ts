import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { EpochUnknown } from '#event-store/sqlite-restore.js';
import { StoreExists } from '#event-store/store-place.js';
import { systemClock } from '#runtime/system-clock.js';
import { startAppending } from './appending-child.js';
import { ChainedHistory } from './chained-history.js';
import { logIn } from './log-in.js';
import { Restoring } from './restoring.js';
import { contentsOf, identityIn, tamper, when } from './store-files.js';
import { removeTemporaryFolders } from './temporary-folder.js';

let restoring: Restoring;
beforeEach(async () => {
  restoring = await Restoring.begin();
});
afterAll(removeTemporaryFolders);

type Epochs = Readonly<{ ofBackup: number; ofStore: number; afterEpoch?: number }>;

describe('A restore of the SQLite event store', () => {
  it('gives the history of the backup, in the next epoch, and the store goes on from there', async () => {
    const { file, events } = restoring;
    const folder = join(restoring.folder, 'not', 'there', 'yet');
    const before = contentsOf(dirname(file));
    const restored = await restoring.restore({ folder });
    const log = await logIn(folder);
    const { eventId } = log.at(-1)!;
    expect(restored).toEqual({ position: events, eventId, epoch: 2, aside: undefined });
    const store = await openSqliteEventStore({ folder, clock: systemClock });
    expect(store.identity).toEqual({ shard: 0, epoch: 2 });
    await new ChainedHistory().append(store, 'authorization-default/auth-new');
    expect(await store.readAll(0, Infinity)).toMatchObject([...log, { position: events + 1 }]);
    await store.close();
    expect(readdirSync(folder)).toEqual(['events.db']);
    expect(contentsOf(dirname(file))).toEqual(before);
  });

  it.each<[string, Epochs, number]>([
    ['of the backup', { ofBackup: 4, ofStore: 2 }, 5],
    ['of the store that it replaces', { ofBackup: 1, ofStore: 6 }, 7],
    ['that it is told of', { ofBackup: 1, ofStore: 2, afterEpoch: 8 }, 9],
    ['of the backup, whatever is told', { ofBackup: 3, ofStore: 1, afterEpoch: 2 }, 4],
  ])('begins an epoch above that %s', async (_of, { ofBackup, ofStore, afterEpoch }, epoch) => {
    const { folder, file } = restoring;
    await restoring.putStore(ofStore);
    tamper(file, `UPDATE store SET epoch = ${ofBackup}`);
    expect(await restoring.restore({ replace: true, afterEpoch })).toMatchObject({ epoch });
    expect(identityIn(folder).epoch).toBe(epoch);
  });

  it('keeps what it replaces, whole, and the views that were made of it', async () => {
    const { folder, events } = restoring;
    const { acknowledged } = await restoring.leaveLog();
    writeFileSync(join(folder, 'views.db'), 'views of the old history');
    writeFileSync(join(folder, 'views.db-wal'), 'and more of them');
    writeFileSync(join(folder, 'projector.lock'), '');
    chmodSync(join(folder, 'events.db'), 0o600);

    const restored = await restoring.restore({ replace: true });
    const aside = restoring.aside();
    expect(restored).toMatchObject({ epoch: 2, aside });
    const now = readdirSync(folder).filter((name) => !name.endsWith('-shm'));
    expect(now).toEqual(['events.db', 'projector.lock', basename(aside)]);
    expect(statSync(join(folder, 'events.db')).mode & 0o777).toBe(0o600);
    expect(await logIn(folder)).toHaveLength(events);
    expect(readdirSync(aside).toSorted()).toEqual(['events.db', 'views.db', 'views.db-wal']);
    expect(readFileSync(join(aside, 'views.db'), 'utf8')).toBe('views of the old history');
    const kept = new Set((await logIn(aside)).map(({ eventId }) => eventId));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(identityIn(aside).epoch).toBe(1);
  });

  it('does not let views stay beside another history, though their store is gone', async () => {
    const { folder } = restoring;
    writeFileSync(join(folder, 'views.db'), 'views of a lost history');
    await restoring.restore();
    expect(readdirSync(restoring.aside())).toEqual(['views.db']);
    expect(existsSync(join(folder, 'views.db'))).toBe(false);
  });

  it('takes the place of a store to which nothing was ever written', async () => {
    const { folder, events } = restoring;
    writeFileSync(join(folder, 'events.db'), '');
    expect(await restoring.restore({ replace: true })).toMatchObject({ epoch: 2 });
    expect(await logIn(folder)).toHaveLength(events);
  });

  it('hands the new store to a process that waited for the old one', async () => {
    const { folder } = restoring;
    await restoring.putStore();
    let child!: ReturnType<typeof startAppending>;
    const hold = when('verifying', () => {
      child = startAppending(folder, 'waiting', 20);
      // It holds this thread, and with it the store, until the other has the old file open.
      while (!hasOpen(child.pid, join(folder, 'events.db'))) spawnSync('true');
    });
    await restoring.restore({ replace: true, ...hold });
    await expect(child.ended).resolves.toBe(0);
    expect(child.acknowledged.length).toBeGreaterThanOrEqual(20);
    const kept = new Set((await logIn(folder)).map(({ eventId }) => eventId));
    const lost = child.acknowledged.flatMap(({ ids }) => ids).filter((id) => !kept.has(id));
    expect(lost).toEqual([]);
    expect(await logIn(restoring.aside())).toHaveLength(8);
  });

  describe('over a store that cannot be read', () => {
    it('is told an epoch that readers have seen, or refused', async () => {
      const { folder, events } = restoring;
      await restoring.putStore();
      restoring.spoilStore();
      const before = contentsOf(folder);
      await expect(restoring.restore({ replace: true })).rejects.toThrow(EpochUnknown);
      expect(contentsOf(folder)).toEqual(before);
      expect(await restoring.restore({ replace: true, afterEpoch: 3 })).toMatchObject({ epoch: 4 });
      expect(await logIn(folder)).toHaveLength(events);
      expect(contentsOf(restoring.aside())).toEqual({ 'events.db': before['events.db'] });
    });

    it('does not take its log for that of the new one', async () => {
      const { folder, events } = restoring;
      await restoring.leaveLog();
      restoring.spoilStore();
      await restoring.restore({ replace: true, afterEpoch: 1 });
      expect(await logIn(folder)).toHaveLength(events);
    });

    it('moves its log aside where nothing else is left of it', async () => {
      const { folder, events } = restoring;
      const { log } = await restoring.leaveLog();
      rmSync(join(folder, 'events.db'));
      await expect(restoring.restore()).rejects.toThrow(StoreExists);
      await expect(restoring.restore({ replace: true })).rejects.toThrow(EpochUnknown);
      await restoring.restore({ replace: true, afterEpoch: 1 });
      expect(readFileSync(join(restoring.aside(), 'events.db-wal'))).toEqual(log);
      expect(await logIn(folder)).toHaveLength(events);
    });
  });
});

/** Linux tells what a process has open. */
const hasOpen = (pid: number, path: string): boolean => {
  const descriptors = `/proc/${pid}/fd`;
  return readdirSync(descriptors).some((one) => {
    try {
      return readlinkSync(join(descriptors, one)) === path;
    } catch {
      // It was closed meanwhile.
      return false;
    }
  });
};

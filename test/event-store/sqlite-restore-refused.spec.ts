import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { StoreExists } from '#event-store/store-place.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { StoreFileDamaged } from '#event-store/verify-store-file.js';
import { systemClock } from '#runtime/system-clock.js';
import { startAppending } from './appending-child.js';
import { fillStore } from './chained-history.js';
import { logIn } from './log-in.js';
import { Restoring } from './restoring.js';
import { contentsOf, identityIn, tamper, when } from './store-files.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

let restoring: Restoring;
beforeEach(async () => {
  restoring = await Restoring.begin();
});
afterAll(removeTemporaryFolders);

const expectRefused = async (
  why: RegExp,
  kind: typeof StoreRefused = StoreFileDamaged,
): Promise<void> => {
  const { folder } = restoring;
  await restoring.putStore();
  const before = contentsOf(folder);
  await expect(restoring.restore({ replace: true })).rejects.toThrow(why);
  await expect(restoring.restore({ replace: true })).rejects.toThrow(kind);
  expect(contentsOf(folder)).toEqual(before);
  const nowhere = join(folder, 'nowhere');
  await expect(restoring.restore({ folder: nowhere })).rejects.toThrow(kind);
  expect(existsSync(nowhere)).toBe(false);
};

describe('A restore that is refused changes nothing:', () => {
  describe('from what is no whole backup', () => {
    it.each([
      ['an event was changed', `UPDATE events SET data = '{}' WHERE position = 4`, /chain/],
      [
        'an event is missing',
        'DELETE FROM events WHERE position = 4',
        /14 events up to position 15/,
      ],
      ['a stream is missing', 'DELETE FROM streams WHERE id = 3', /5 events are of no stream/],
      ['a table is missing', 'DROP TABLE events', /no such table: events/],
      ['it never was a store', 'PRAGMA user_version=0', /holds no store/],
    ])('%s', async (_what, sql, why) => {
      tamper(restoring.file, sql);
      await expectRefused(why);
    });

    it('an index by which a stream would not be found', async () => {
      const bytes = readFileSync(restoring.file);
      // The last place of a name is in the index over names: the table of streams comes before it.
      const at = bytes.lastIndexOf('authorization-default/auth-1');
      bytes.write('authorization-default/auth-9', at);
      writeFileSync(restoring.file, bytes);
      await expectRefused(/missing from index/);
    });

    it('a file that ends too soon', async () => {
      truncateSync(restoring.file, statSync(restoring.file).size - 5_000);
      await expectRefused(/malformed/);
    });

    it('a file with a page that is not its own', async () => {
      const bytes = readFileSync(restoring.file);
      bytes.copyWithin(4 * 4_096, 2 * 4_096, 3 * 4_096);
      writeFileSync(restoring.file, bytes);
      await expectRefused(/./);
    });

    it.each([
      ['what is no database', 'x'.repeat(20_000), /not a database/],
      ['an empty file', '', /holds no store/],
    ])('%s', async (_what, contents, why) => {
      writeFileSync(restoring.file, contents);
      await expectRefused(why);
    });

    it('a backup of a newer build', async () => {
      tamper(restoring.file, 'PRAGMA user_version=99');
      await expectRefused(/version 99 .* start the newer build/, StoreRefused);
    });

    it('a backup that is another one when it is copied than when it was verified', async () => {
      const { file, folder } = restoring;
      const bytes = readFileSync(file);
      bytes[bytes.length - 1]! ^= 1;
      await restoring.putStore();
      const before = contentsOf(folder);
      // Its digest is taken when its chains are verified, and then it is read once more.
      const change = when('verifying', () => setImmediate(() => writeFileSync(file, bytes)));
      const restored = restoring.restore({ replace: true, ...change });
      await expect(restored).rejects.toThrow(/was changed while it was restored/);
      expect(contentsOf(folder)).toEqual(before);
    });

    it('the store itself', async () => {
      const { folder } = restoring;
      await restoring.putStore();
      const before = contentsOf(folder);
      const itself = restoring.restore({ replace: true, file: join(folder, 'events.db') });
      await expect(itself).rejects.toThrow(/is the store in .* itself/);
      expect(contentsOf(folder)).toEqual(before);
    });
  });

  describe('where a store is', () => {
    it('and nobody said that it is to be replaced', async () => {
      const { folder } = restoring;
      await restoring.putStore();
      const before = contentsOf(folder);
      await expect(restoring.restore()).rejects.toThrow(StoreExists);
      expect(contentsOf(folder)).toEqual(before);
    });

    it('that a newer build wrote', async () => {
      const { folder } = restoring;
      await restoring.putStore();
      tamper(join(folder, 'events.db'), 'PRAGMA user_version=99');
      const before = contentsOf(folder);
      await expect(restoring.restore({ replace: true })).rejects.toThrow(/start the newer build/);
      expect(contentsOf(folder)).toEqual(before);
    });

    it('that a ledger has made in the meantime', async () => {
      const { folder } = restoring;
      const other = temporaryFolder();
      await fillStore(other, { streams: 1, each: 1 });
      const meanwhile = when('copying', () =>
        copyFileSync(join(other, 'events.db'), join(folder, 'events.db')),
      );
      await expect(restoring.restore(meanwhile)).rejects.toThrow(StoreExists);
      expect(readdirSync(folder)).toEqual(['events.db']);
      expect(await logIn(folder)).toHaveLength(1);
    });
  });

  describe('while the store is open', () => {
    const busy = { name: 'StoreUnavailable', why: 'busy' };

    it('in this process', async () => {
      const { folder } = restoring;
      await restoring.putStore();
      const store = await openSqliteEventStore({ folder, clock: systemClock });
      await expect(restoring.restore({ replace: true })).rejects.toMatchObject(busy);
      await store.close();
      expect(identityIn(folder).epoch).toBe(1);
    });

    it('in another, which goes on', async () => {
      const { folder } = restoring;
      await restoring.putStore();
      const child = startAppending(folder, 'other', 200);
      await child.until(20);
      await expect(restoring.restore({ replace: true })).rejects.toMatchObject(busy);
      await expect(child.ended).resolves.toBe(0);
      expect(identityIn(folder).epoch).toBe(1);
      expect((await logIn(folder)).length).toBeGreaterThan(200);
    });

    it('to another restore', async () => {
      await restoring.putStore();
      const both = await Promise.allSettled([
        restoring.restore({ replace: true }),
        restoring.restore({ replace: true }),
      ]);
      expect(both).toMatchObject([{ value: { epoch: 2 } }, { reason: busy }]);
    });
  });

  it.each(['verifying', 'copying'] as const)('and when it is stopped while %s', async (doing) => {
    const { folder } = restoring;
    await restoring.putStore();
    const before = contentsOf(folder);
    const stopping = new AbortController();
    const { signal } = stopping;
    const stop = when(doing, () => stopping.abort());
    await expect(restoring.restore({ replace: true, ...stop, signal })).resolves.toBeUndefined();
    expect(contentsOf(folder)).toEqual(before);
  });
});

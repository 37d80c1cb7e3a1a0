import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { backupStore } from '#event-store/sqlite-backup.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { restoreStore } from '#event-store/sqlite-restore.js';
import { systemClock } from '#runtime/system-clock.js';
import { fillStore } from './chained-history.js';
import { tamper, unfollowed } from './store-files.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

afterAll(removeTemporaryFolders);

/** Opens the store of a folder, which makes it or brings it up to date. */
const idIn = async (folder: string): Promise<string> => {
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  await store.close();
  return store.id;
};

const backUp = async (folder: string): Promise<string> => {
  const file = join(temporaryFolder(), 'backup.db');
  await backupStore({ folder, file, ...unfollowed });
  return file;
};

const restored = async (file: string): Promise<string> => {
  const folder = temporaryFolder();
  const options = { replace: false, views: [], clock: systemClock, ...unfollowed };
  await restoreStore({ file, folder, ...options });
  return folder;
};

/** A store of the first release, when none had an id; four events of two streams. */
const ofFirstRelease = readFileSync(new URL('./golden/store-1.sql', import.meta.url), 'utf8');

const makeOfFirstRelease = (): string => {
  const folder = temporaryFolder();
  const database = new DatabaseSync(join(folder, 'events.db'));
  database.exec(ofFirstRelease);
  database.close();
  return folder;
};

describe('A SQLite event store is known by an id', () => {
  it('that no other store has, and that it keeps', async () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    const id = await idIn(one);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    await fillStore(one, { streams: 1, each: 2 });
    expect(await idIn(one)).toBe(id);
    expect(await idIn(other)).not.toBe(id);
  });

  it('that its backups have, and what is restored of them', async () => {
    const folder = temporaryFolder();
    await fillStore(folder, { streams: 1, each: 2 });
    expect(await idIn(await restored(await backUp(folder)))).toBe(await idIn(folder));
  });

  it('that it gets when it is brought up to date, as every copy of it does', async () => {
    const folder = makeOfFirstRelease();
    const copy = join(temporaryFolder(), 'copy.db');
    copyFileSync(join(folder, 'events.db'), copy);
    const id = await idIn(folder);
    expect(id).not.toBe('');
    expect(await idIn(await restored(copy))).toBe(id);
  });

  it('that another store of that time does not get, though it began with the same command', async () => {
    const [one, other] = [makeOfFirstRelease(), makeOfFirstRelease()];
    tamper(join(other, 'events.db'), 'UPDATE events SET time = time + 1');
    expect(await idIn(one)).not.toBe(await idIn(other));
  });
});

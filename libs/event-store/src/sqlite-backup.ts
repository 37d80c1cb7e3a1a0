import { chmodSync, existsSync, linkSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { backup } from 'node:sqlite';
import { refuseFullDisk } from '#event-store/disk-space.js';
import { flush } from '#event-store/durable-file.js';
import { StoreBroken } from '#event-store/event-store.js';
import { asStoreTrouble } from '#event-store/sqlite-errors.js';
import { openForReads } from '#event-store/sqlite-schema.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { StoreFileDamaged, verifyStoreFile } from '#event-store/verify-store-file.js';
import type { Followed, StoreFile } from '#event-store/verify-store-file.js';

/** Pages that are copied at a time: some 10 ms, after which it may be stopped. */
const PAGES_AT_A_TIME = 2_000;

/** The file that a backup was to be written to is there already; it stays as it is. */
export class BackupExists extends StoreRefused {
  override readonly name = 'BackupExists';
}

export type Backup = Followed &
  Readonly<{
    /** Of the store: any number of processes may be at work on it. */
    folder: string;
    /** Where the backup is to stand, in a folder that is there, on a disk of this machine. */
    file: string;
  }>;

/**
 * Copies a store, as it is at one moment, into one file, and proves that the copy is whole before it is
 * given its name. Nobody who appends waits for it; the write-ahead log grows by what they append
 * meanwhile, and is folded back afterwards. A kill leaves no such file, and beside it a folder
 * `{file}.partial-…` to be removed.
 *
 * Resolves with what the file holds, or with undefined where it was aborted.
 *
 * @throws {BackupExists} nothing was changed, as with all that follows.
 * @throws {StoreRefused} a newer build wrote the store.
 * @throws {StoreUnavailable} the disk has no room for it, or a restore holds the store.
 * @throws {StoreBroken} the store is damaged, or cannot be read.
 * @throws the errors of `node:fs`: there is no store or no such folder, or one may not write to it.
 */
export const backupStore = async ({
  folder,
  file,
  ...followed
}: Backup): Promise<StoreFile | undefined> => {
  if (existsSync(file)) throw new BackupExists(`${file} is there already`);
  const source = join(folder, 'events.db');
  const { mode } = statSync(source);
  const place = dirname(file);
  const workplace = mkdtempSync(join(place, `${basename(file)}.partial-`));
  try {
    const copy = join(workplace, basename(file));
    if (!(await copySnapshot({ source, copy, place }, followed))) return undefined;
    const verified = await verifyCopy(copy, folder, followed);
    if (!verified) return undefined;
    // Who may not read the store may not read its backup.
    chmodSync(copy, mode);
    flush(copy);
    putInPlace(copy, file);
    return verified;
  } finally {
    rmSync(workplace, { recursive: true });
  }
};

/**
 * SQLite copies in steps, and begins again wherever another process has written between two of them:
 * under load it would never end. So the connection that it copies from stands on one snapshot.
 *
 * Resolves with whether it was copied, and not aborted.
 */
const copySnapshot = async (
  { source, copy, place }: Readonly<{ source: string; copy: string; place: string }>,
  { progress, signal }: Followed,
): Promise<boolean> => {
  try {
    const database = openForReads(source);
    try {
      database.exec('BEGIN');
      // A transaction begins with what it first reads.
      const row = database.prepare('PRAGMA page_count').get();
      const [pages] = row as unknown as [number];
      const [size] = database.prepare('PRAGMA page_size').get() as unknown as [number];
      refuseFullDisk(place, pages * size);
      const told = (remaining: number): void => {
        signal.throwIfAborted();
        progress({ doing: 'copying', done: (pages - remaining) * size, total: pages * size });
      };
      await backup(database, copy, {
        rate: PAGES_AT_A_TIME,
        progress: ({ remainingPages }) => told(remainingPages),
      });
      told(0);
      return true;
    } finally {
      database.close();
    }
  } catch (error) {
    if (signal.aborted) return false;
    throw asStoreTrouble(error);
  }
};

const verifyCopy = async (
  copy: string,
  folder: string,
  followed: Followed,
): Promise<StoreFile | undefined> => {
  try {
    return await verifyStoreFile(copy, followed);
  } catch (error) {
    if (!(error instanceof StoreFileDamaged)) throw error;
    throw new StoreBroken(`what was copied is not whole: ${error.message}`);
  }
};

/** A link is made or refused; a rename would overwrite what somebody else has put there meanwhile. */
const putInPlace = (copy: string, file: string): void => {
  try {
    linkSync(copy, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new BackupExists(`${file} is there already`);
  }
  flush(dirname(file));
};

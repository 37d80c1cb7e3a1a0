import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { refuseFullDisk } from '#event-store/disk-space.js';
import { flush } from '#event-store/durable-file.js';
import { digestOf } from '#event-store/file-digest.js';
import { refuseNetworkFileSystem } from '#event-store/local-file-system.js';
import { beginEpoch } from '#event-store/new-epoch.js';
import { asStoreTrouble } from '#event-store/sqlite-errors.js';
import { StoreExists, StorePlace, hasStore } from '#event-store/store-place.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { StoreFileDamaged, verifyStoreFile } from '#event-store/verify-store-file.js';
import type { Followed, StoreFile } from '#event-store/verify-store-file.js';
import type { Clock } from '#runtime/clock.js';

/** The store that is to be replaced does not tell its epoch any more, and nobody else did. */
export class EpochUnknown extends StoreRefused {
  override readonly name = 'EpochUnknown';
}

export type Restore = Followed &
  Readonly<{
    /** The backup. */
    file: string;
    /** Where the store is to be; it is made where it is not there. */
    folder: string;
    /** Whether a store that is there gives way, and is kept in a folder beside the new one. */
    replace: boolean;
    /** An epoch that readers have seen, where neither backup nor replaced store may know of it. */
    afterEpoch?: number | undefined;
    /** Files of the folder that were made of the history which is replaced: they go with it. */
    views: readonly string[];
    clock: Clock;
  }>;

export type Restored = Readonly<{
  /** Of the last event; 0 where there is none. */
  position: number;
  /** Of the last event; '' where there is none. */
  eventId: string;
  epoch: number;
  /** The folder in which what was replaced is kept; undefined where there was nothing. */
  aside: string | undefined;
}>;

/**
 * Puts the store that a backup holds into a folder, once it is proved to be whole, under an epoch that no
 * reader has seen: revisions that were given before may be given again, to other events. The store knows up
 * to where its history is that of each earlier epoch, as far as backup and replaced store tell. A kill leaves what
 * was there, whole, or the restored store, whole, and maybe a folder `restoring-…` to be removed. (Only
 * where the replaced file is no database any more may it leave no store.)
 *
 * Resolves with undefined where it was aborted.
 *
 * @throws {StoreExists} nothing was changed, as with all that follows.
 * @throws {EpochUnknown} `afterEpoch` must be told.
 * @throws {StoreFileDamaged} the backup is not whole, or no store.
 * @throws {StoreRefused} a newer build wrote the backup, or the store that is there; or that is the backup.
 * @throws {StoreUnavailable} a process has the store open, or the disk has no room.
 * @throws {StoreBroken} the store that is there, or the backup, cannot be read, or the copy not be written.
 * @throws the errors of `node:fs`: there is no such file, or one may not write to the folder.
 */
export const restoreStore = async (restore: Restore): Promise<Restored | undefined> => {
  const { file, folder, replace, afterEpoch } = restore;
  if (!replace && hasStore(folder)) throw new StoreExists(`there is a store in ${folder}`);
  refuseItself(file, folder);
  const place = StorePlace.take(folder);
  try {
    const before = place.epoch() ?? afterEpoch;
    if (before === undefined)
      throw new EpochUnknown(`the store in ${folder} is damaged, and does not tell its epoch`);
    const verified = await verifyStoreFile(file, restore);
    if (!verified) return undefined;
    const epoch = Math.max(verified.epoch, before, afterEpoch ?? 0) + 1;
    return await restoreVerified(restore, { ...verified, epoch }, place);
  } catch (error) {
    throw asStoreTrouble(error);
  } finally {
    place.release();
  }
};

/** What is under a lock must not be opened otherwise: to close it would end the lock. */
const refuseItself = (file: string, folder: string): void => {
  const store = statSync(join(folder, 'events.db'), { throwIfNoEntry: false });
  const backup = statSync(file);
  if (store && store.ino === backup.ino && store.dev === backup.dev)
    throw new StoreRefused(`${file} is the store in ${folder} itself`);
};

/** @param store what the file holds, but for the epoch under which it is restored. */
const restoreVerified = async (
  restore: Restore,
  store: StoreFile,
  place: StorePlace,
): Promise<Restored | undefined> => {
  const { folder, views, clock } = restore;
  mkdirSync(folder, { recursive: true });
  refuseNetworkFileSystem(folder);
  refuseFullDisk(folder, store.bytes);
  const workplace = mkdtempSync(join(folder, 'restoring-'));
  try {
    const fresh = join(workplace, 'events.db');
    if (!(await copyVerified(restore, store, fresh))) return undefined;
    beginEpoch(fresh, store.epoch, place);
    flush(fresh);
    const time = new Date(clock.now()).toISOString().replaceAll(':', '-');
    const aside = join(folder, `replaced-${time}`);
    place.put(fresh, { aside, others: views.filter((name) => existsSync(join(folder, name))) });
    const { position, eventId, epoch } = store;
    return { position, eventId, epoch, aside: existsSync(aside) ? aside : undefined };
  } finally {
    rmSync(workplace, { recursive: true });
  }
};

/** Copies what was verified, and nothing else; resolves with whether it was, and not aborted. */
const copyVerified = async (
  { file, progress, signal }: Restore,
  { bytes: total, sha256 }: StoreFile,
  fresh: string,
): Promise<boolean> => {
  const descriptor = openSync(fresh, 'wx');
  let done = 0;
  try {
    const copied = await digestOf(file, {
      signal,
      piece: (bytes) => {
        writeFileSync(descriptor, bytes);
        done += bytes.length;
        progress({ doing: 'copying', done, total });
      },
    });
    if (copied !== undefined && copied !== sha256)
      throw new StoreFileDamaged(`${file} was changed while it was restored`);
    return copied !== undefined;
  } finally {
    closeSync(descriptor);
  }
};

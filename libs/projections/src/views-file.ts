import { existsSync, rmSync } from 'node:fs';
import { backup } from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '#event-store/event-store.js';
import { FILE_VERSION, openForWriting, versionOf } from './view-schema.js';
import { ViewStore } from './view-store.js';
import { isDamage, isLockedForBackup, isNoDatabase } from './views-trouble.js';

/** It is copied in the background, and everything else has its turn after so many pages of 4 KiB. */
const PAGES_AT_A_TIME = 1_000;

/**
 * The views in `file`, to be written; undefined where there are none that this build can use: they are
 * to be rebuilt.
 */
export const openViews = (file: string): ViewStore | undefined => {
  if (!existsSync(file)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    database = openForWriting(file);
    if (versionOf(database) === FILE_VERSION) return new ViewStore(database);
    database.close();
    return undefined;
  } catch (error) {
    database?.close();
    if (isDamage(error)) return undefined;
    throw error;
  }
};

/** Readers find that there are none, and open what is put in their place. The projector's lock is held. */
export const removeViews = (file: string): void => {
  for (const part of partsOf(file)) rmSync(part, { force: true });
};

/** The file, and what SQLite keeps beside it. */
export const partsOf = (file: string): readonly string[] => [file, `${file}-wal`, `${file}-shm`];

/**
 * Copies `fresh` over `file` in one transaction: who reads sees the old views or the new ones, and a kill
 * leaves the old. That is safer than a rename, after which SQLite's `-wal` and `-shm` of the old file
 * would pass for the new one's. What is no database at all is removed first, and then there are no views
 * until the copy is whole; readers open the file that stands in its place.
 *
 * @throws {StoreUnavailable} somebody holds a transaction open on `file`; it is as it was.
 */
export const putInPlace = async (fresh: DatabaseSync, file: string): Promise<void> => {
  makeReady(file);
  try {
    await backup(fresh, file, { rate: PAGES_AT_A_TIME });
  } catch (error) {
    if (!isLockedForBackup(error)) throw error;
    throw new StoreUnavailable('busy', `another process holds a transaction open on ${file}`);
  }
};

/** A database in WAL mode, or else those who read would wait for the whole of the copy. */
const makeReady = (file: string): void => {
  try {
    openForWriting(file).close();
  } catch (error) {
    if (!isDamage(error)) throw error;
    if (!isNoDatabase(error)) return; // It is one, and is mended by what is copied over it.
    removeViews(file);
    openForWriting(file).close();
  }
};

import { hash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent, StoreIdentity } from '#event-store/event-store.js';
import { identityOf, openForReads } from '#event-store/sqlite-schema.js';
import type { Followed, StoreFileProgress } from '#event-store/verify-store-file.js';
import { logIn } from './log-in.js';
import { temporaryFolder } from './temporary-folder.js';

/** Looks on, and lets everything go its way. */
export const unfollowed: Followed = {
  progress: () => undefined,
  signal: new AbortController().signal,
};

/** Does something once, as soon as a copy has come to that point. */
export const when = (
  doing: StoreFileProgress['doing'],
  act: () => void,
): Pick<Followed, 'progress'> => {
  let isDone = false;
  return {
    progress: (progress) => {
      if (isDone || progress.doing !== doing) return;
      isDone = true;
      act();
    },
  };
};

/** Every file below a folder and what is in it, but for what SQLite needs to share a file, and locks. */
export const contentsOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !/-shm$|\.lock$/.test(name) && statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name))] as const)
      .filter(([name, bytes]) => !name.endsWith('-wal') || bytes.length > 0)
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([name, bytes]) => [name, hash('sha256', bytes)]),
  );

/** The log of a store that is one file, read from a copy of it. */
export const logInFile = (file: string): Promise<readonly RecordedEvent[]> => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, join(folder, 'events.db'));
  return logIn(folder);
};

export const identityIn = (folder: string): StoreIdentity => {
  const database = openForReads(join(folder, 'events.db'));
  try {
    return identityOf(database);
  } finally {
    database.close();
  }
};

/** Does to a file what nobody should, and leaves one file. */
export const tamper = (file: string, sql: string): void => {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.exec('PRAGMA journal_mode=DELETE');
  database.close();
};

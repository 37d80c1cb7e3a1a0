// What a projector has on its disk, kept in memory: load-simulation.ts puts this in the place of the files
// of libs/projections that open files and take locks. A folder is named `{folder}/{run}`, so that the
// lock can be taken away from a run that has ended, as the operating system does.
import { basename, dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';
import { ViewStore } from '#projections/view-store.js';
import { TABLES, versionOf } from '#projections/view-schema.js';

/** A database that outlives whoever had it open, as a file does. */
export class KeptDatabase extends DatabaseSync {
  constructor(tables: string) {
    super(':memory:', { returnArrays: true });
    this.exec(tables);
  }

  override close(): void {
    // The next one who opens it finds it as it was left.
  }
}

type Folder = { views: DatabaseSync | undefined; holder: string | undefined };

const folders = new Map<string, Folder>();

export const openViews = (file: string): ViewStore | undefined => {
  const { views } = folderNamed(dirname(dirname(file)));
  return views && new ViewStore(views);
};

export const putInPlace = async (fresh: DatabaseSync, file: string): Promise<void> => {
  folderNamed(dirname(dirname(file))).views = fresh;
};

export class ProjectorLock {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static take(folder: string): ProjectorLock | undefined {
    const locked = folderNamed(dirname(folder));
    if (locked.holder !== undefined) return undefined;
    locked.holder = basename(folder);
    return new ProjectorLock(folder);
  }

  release(): void {
    endRun(dirname(this.folder), basename(this.folder));
  }
}

/** In memory there is no write-ahead log to keep short. */
export class WalCheckpoints {
  async ifLarge(): Promise<void> {}
  async close(): Promise<void> {}
}

/** What the operating system does when a process has ended. */
export const endRun = (name: string, run: string): void => {
  const folder = folderNamed(name);
  if (folder.holder === run) folder.holder = undefined;
};

/** The views as they are now; undefined where there are none yet. */
export const viewsIn = (name: string): DatabaseSync | undefined => folderNamed(name).views;

/** Somebody deletes the views: whoever opens them next finds none. */
export const loseViews = (name: string): void => {
  folderNamed(name).views = undefined;
};

/** What the disk has of the views at this moment: after a power loss they are that again. */
export const viewsOnDisk = (name: string): (() => void) => {
  const { views } = folderNamed(name);
  const kept = views && copyOf(views);
  return () => {
    folderNamed(name).views = kept;
  };
};

const copyOf = (views: DatabaseSync): DatabaseSync => {
  const copy = new KeptDatabase(TABLES);
  copy.exec(`PRAGMA user_version=${versionOf(views)}; DELETE FROM checkpoint`);
  const tables = views.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
  for (const [table] of tables as unknown as [string][])
    for (const row of views.prepare(`SELECT * FROM ${table}`).all() as unknown as SQLInputValue[][])
      copy.prepare(`INSERT INTO ${table} VALUES (${row.map(() => '?').join()})`).run(...row);
  return copy;
};

export const removeFolder = (name: string): void => {
  folders.delete(name);
};

const folderNamed = (name: string): Folder => {
  const folder = folders.get(name) ?? { views: undefined, holder: undefined };
  folders.set(name, folder);
  return folder;
};

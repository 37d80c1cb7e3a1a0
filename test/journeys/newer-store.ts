import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from './program.js';

/** A folder with a store of a version that this build does not know. */
export const folderOfNewerStore = (): string => {
  const folder = temporaryFolder();
  const database = new DatabaseSync(join(folder, 'events.db'));
  database.exec('PRAGMA user_version=99');
  database.close();
  return folder;
};

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './views-trouble.js';

/**
 * The right to write the views of a folder, which one process has at a time: a write transaction that
 * stays open on `projector.lock`. The operating system ends it with the process, however that dies, so
 * that no lock is ever left behind and none expires under its holder.
 */
export class ProjectorLock {
  readonly folder: string;
  readonly #database: DatabaseSync;

  private constructor(folder: string, database: DatabaseSync) {
    this.folder = folder;
    this.#database = database;
  }

  /**
   * The lock, or undefined where another has it. Never waits.
   *
   * @throws the errors of `node:sqlite` and `node:fs`: the folder cannot be written.
   */
  static take(folder: string): ProjectorLock | undefined {
    mkdirSync(folder, { recursive: true });
    const database = new DatabaseSync(join(folder, 'projector.lock'), { timeout: 0 });
    try {
      database.exec('BEGIN IMMEDIATE');
      return new ProjectorLock(folder, database);
    } catch (error) {
      database.close();
      if (isBusy(error)) return undefined;
      throw error;
    }
  }

  release(): void {
    this.#database.close();
  }
}

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupStore } from '#event-store/sqlite-backup.js';
import { restoreStore } from '#event-store/sqlite-restore.js';
import type { Restore, Restored } from '#event-store/sqlite-restore.js';
import { systemClock } from '#runtime/system-clock.js';
import { startAppending } from './appending-child.js';
import { fillStore } from './chained-history.js';
import { tamper, unfollowed } from './store-files.js';
import { temporaryFolder } from './temporary-folder.js';

/** A backup, and a folder to restore it to. */
export class Restoring {
  /** Events of the backup. */
  readonly events = 15;
  readonly folder = temporaryFolder();
  readonly file = join(temporaryFolder(), 'backup.db');

  static async begin(): Promise<Restoring> {
    const restoring = new Restoring();
    const origin = temporaryFolder();
    await fillStore(origin, { streams: 3, each: 5 });
    await backupStore({ folder: origin, file: restoring.file, ...unfollowed });
    return restoring;
  }

  restore(options: Partial<Restore> = {}): Promise<Restored | undefined> {
    return restoreStore({
      file: this.file,
      folder: this.folder,
      replace: false,
      views: ['views.db', 'views.db-wal'],
      clock: systemClock,
      ...unfollowed,
      ...options,
    });
  }

  /** Makes another store in the folder, of 8 events, in an epoch of its own. */
  async putStore(epoch = 1): Promise<void> {
    await fillStore(this.folder, { streams: 2, each: 4 });
    tamper(join(this.folder, 'events.db'), `UPDATE store SET epoch = ${epoch}`);
  }

  /** Makes of that store what is no database any more. */
  spoilStore(): void {
    writeFileSync(join(this.folder, 'events.db'), 'x'.repeat(20_000));
  }

  /** Lets a process be killed that has appended; returns its log, which is not folded into the file. */
  async leaveLog(): Promise<Readonly<{ log: Buffer; acknowledged: readonly string[] }>> {
    const child = startAppending(this.folder, 'killed', 1_000);
    await child.until(50);
    child.kill();
    await child.ended;
    return {
      log: readFileSync(join(this.folder, 'events.db-wal')),
      acknowledged: child.acknowledged.flatMap(({ ids }) => ids),
    };
  }

  /** The one folder into which a restore has put what was there. */
  aside(): string {
    const [name, ...more] = readdirSync(this.folder).filter((one) => one.startsWith('replaced-'));
    if (name === undefined || more.length > 0) throw new Error('not one folder was made for it');
    return join(this.folder, name);
  }
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StoreUnavailable } from '#event-store/event-store.js';
import { BackupExists, backupStore } from '#event-store/sqlite-backup.js';
import { StoreRefused } from '#event-store/store-refused.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { TroubleReport } from '#runtime/trouble.js';
import { followOnTerminal } from './follow-on-terminal.js';
import { grouped } from './send/tally.js';
import { storeFileTrouble } from './store-file-trouble.js';

/**
 * Copies the store into a file while ledgers are at work on it, telling how far it has come on stderr, and in
 * the end what the file holds. Stdout gets its SHA-256 as `sha256sum` writes it.
 *
 * @throws {Trouble} there is no store, it is damaged, or the file cannot be written: there is none.
 */
export const backUp = async (configuration: Configuration, file: string): Promise<void> => {
  const folder = configuration.store;
  const troubleOf = (cause: unknown): unknown => {
    const what = `Cannot back up the store in ${folder} to ${file}`;
    return storeFileTrouble(configuration, { what, cause, cures: curesOf(cause) });
  };
  if (!existsSync(join(folder, 'events.db'))) throw troubleOf(new NoStore('there is no store'));
  if (!existsSync(dirname(file)))
    throw troubleOf(new StoreRefused(`there is no folder ${dirname(file)}`));
  const backup = await followOnTerminal((followed) =>
    backupStore({ folder, file, ...followed }),
  ).catch((cause: unknown) => {
    throw troubleOf(cause);
  });
  if (!backup) {
    process.stderr.write('Stopped; there is no backup.\n');
    process.exitCode = exitCodes.unexpected;
    return;
  }
  const { position, eventId, epoch, streams, bytes, sha256 } = backup;
  process.stderr.write(
    `Backed up: as of ${position}, event ${eventId || 'none'}, epoch ${epoch}; ${grouped(streams)} streams, every chain whole, ${grouped(bytes)} bytes.\n`,
  );
  process.stdout.write(`${sha256}  ${file}\n`);
};

class NoStore extends StoreRefused {}

const curesOf = (cause: unknown): TroubleReport['cures'] => {
  if (cause instanceof NoStore)
    return [{ command: 'LEDGER_STORE=/a/folder npm run ledger -- backup FILE', effect: 'another' }];
  if (cause instanceof BackupExists)
    return [{ command: 'npm run ledger -- backup ANOTHER_FILE', effect: 'a file of its own' }];
  if (cause instanceof StoreUnavailable && cause.why === 'full')
    return [
      { command: 'npm run ledger -- backup /another/disk/FILE', effect: 'where there is room' },
    ];
  return [];
};

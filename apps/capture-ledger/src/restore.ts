import { existsSync } from 'node:fs';
import { StoreUnavailable } from '#event-store/event-store.js';
import { EpochUnknown, restoreStore } from '#event-store/sqlite-restore.js';
import { StoreExists } from '#event-store/store-place.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { StoreFileDamaged } from '#event-store/verify-store-file.js';
import { ProjectorLock } from '#projections/projector-lock.js';
import { partsOf } from '#projections/views-file.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { systemClock } from '#runtime/system-clock.js';
import type { TroubleReport } from '#runtime/trouble.js';
import { followOnTerminal } from './follow-on-terminal.js';
import { storeFileTrouble } from './store-file-trouble.js';

/** What a projector has made of the history that is replaced. A ledger makes it anew when it starts. */
const VIEWS = partsOf('views.db');

export type RestoreOptions = Readonly<{ replace?: boolean; afterEpoch?: number }>;

/**
 * Puts the store that a backup holds into the folder of the configuration, telling on stderr how far it has
 * come, and under which epoch the store goes on.
 *
 * @throws {Trouble} the backup is not whole, a store is there, or a ledger is at work on it: nothing was
 *   changed.
 */
export const restore = async (
  configuration: Configuration,
  file: string,
  { replace = false, afterEpoch }: RestoreOptions,
): Promise<void> => {
  const folder = configuration.store;
  const troubleOf = (cause: unknown): unknown => {
    const what = `Cannot restore ${file} to ${folder}`;
    return storeFileTrouble(configuration, { what, cause, cures: curesOf(cause, file) });
  };
  if (!existsSync(file)) throw troubleOf(new StoreRefused('there is no such file'));
  // A folder that is not there has no ledger, and is not made before the backup is known to be whole.
  const lock = existsSync(folder) ? ProjectorLock.take(folder) : NO_LEDGER;
  if (!lock) throw troubleOf(new StoreUnavailable('busy', 'a ledger is at work on it'));
  const views = VIEWS;
  const clock = systemClock;
  const restored = await followOnTerminal((followed) =>
    restoreStore({ file, folder, replace, afterEpoch, views, clock, ...followed }),
  )
    .catch((cause: unknown) => {
      throw troubleOf(cause);
    })
    .finally(() => lock.release());
  if (!restored) {
    process.stderr.write('Stopped; nothing was restored.\n');
    process.exitCode = exitCodes.unexpected;
    return;
  }
  const { position, eventId, epoch, aside } = restored;
  process.stderr.write(
    `Restored: as of ${position}, event ${eventId || 'none'}; the store is in epoch ${epoch} now.\n`,
  );
  if (aside !== undefined) process.stderr.write(`What was there is in ${aside}\n`);
};

const NO_LEDGER = { release: (): void => undefined };

const curesOf = (cause: unknown, file: string): TroubleReport['cures'] => {
  const command = 'npm run ledger -- restore';
  if (cause instanceof StoreExists)
    return [
      {
        command: `${command} ${file} --replace`,
        effect: 'keeps it in a folder beside the restored one',
      },
    ];
  if (cause instanceof EpochUnknown)
    return [
      {
        command: `${command} ${file} --replace --after-epoch N`,
        effect:
          'N: the greatest ledger.epoch that a reader has seen; 1 if there was no restore yet',
      },
    ];
  if (cause instanceof StoreFileDamaged)
    return [{ command: `${command} AN_EARLIER_FILE`, effect: 'another backup' }];
  if (cause instanceof StoreUnavailable && cause.why === 'busy')
    return [{ command: 'kill -TERM PID', effect: 'stop whatever runs on this store' }];
  if (cause instanceof StoreUnavailable && cause.why === 'full')
    return [
      { command: `LEDGER_STORE=/another/disk ${command} ${file}`, effect: 'where there is room' },
    ];
  return [];
};

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '#event-store/event-store.js';
import { logIn } from '../event-store/log-in.js';
import { Program, temporaryFolder } from './program.js';

/** `npm run ledger -- backup FILE`. */
export const backUp = (
  folder: string,
  file: string,
  environment: Readonly<Record<string, string>> = {},
): Program => new Program('cli.js', ['backup', file], { LEDGER_STORE: folder, ...environment });

/** `npm run ledger -- restore FILE`. */
export const restore = (
  folder: string,
  file: string,
  options: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Program =>
  new Program('cli.js', ['restore', file, ...options], { LEDGER_STORE: folder, ...environment });

/** The log that a backup holds; the file is not touched. */
export const logInBackup = (file: string): Promise<readonly RecordedEvent[]> => {
  const folder = temporaryFolder();
  copyFileSync(file, join(folder, 'events.db'));
  return logIn(folder);
};

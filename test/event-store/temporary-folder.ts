import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A folder of the test's own; {@link removeTemporaryFolders} takes it away. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-store-'));
  folders.push(folder);
  return folder;
};

/** For `afterEach`, once the stores in them are closed. */
export const removeTemporaryFolders = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

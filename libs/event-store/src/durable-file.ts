import { closeSync, fsyncSync, openSync } from 'node:fs';

/**
 * Waits until a file has reached the disk, or, of a folder, the names in it. Never of a file that SQLite
 * has open in this process: to close it here would end the locks that SQLite has on it.
 */
export const flush = (path: string): void => {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

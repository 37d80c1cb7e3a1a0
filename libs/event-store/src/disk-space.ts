import { statfsSync } from 'node:fs';
import { StoreUnavailable } from '#event-store/event-store.js';

/**
 * Refuses to begin what would fill the disk, on which a ledger may be at work.
 *
 * @throws {StoreUnavailable} the disk of `folder` has less than `bytes` left.
 */
export const refuseFullDisk = (folder: string, bytes: number): void => {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new StoreUnavailable('full', `${folder} has ${free} bytes left, and ${bytes} are needed`);
};

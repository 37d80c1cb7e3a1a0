import { statfsSync } from 'node:fs';
import { StoreRefused } from '#event-store/store-refused.js';

/**
 * What `statfs` of Linux calls file systems whose locks or shared memory do not reach the other
 * machines that have them mounted. FUSE and 9p are not among them: they may be anything, and what
 * runs a container on a laptop is often one of them.
 */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB2'],
  [0xff534d42, 'CIFS'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x20030528, 'PVFS2'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
]);

/**
 * A database on a network file system loses what two machines write at once. Where one can be told,
 * it is refused; elsewhere than on Linux none can.
 *
 * @throws {StoreRefused} naming the folder and the file system.
 */
export const refuseNetworkFileSystem = (
  folder: string,
  { platform, type }: Readonly<{ platform: NodeJS.Platform; type: number }> = {
    platform: process.platform,
    type: statfsSync(folder).type,
  },
): void => {
  const name = platform === 'linux' ? NETWORK_FILE_SYSTEMS.get(type) : undefined;
  if (name)
    throw new StoreRefused(`${folder} is on ${name}: the store needs a disk of this machine`);
};

import { refuseNetworkFileSystem } from '#event-store/local-file-system.js';
import { StoreRefused } from '#event-store/store-refused.js';

const on = (type: number, platform: NodeJS.Platform = 'linux') =>
  refuseNetworkFileSystem('/data', { platform, type });

describe('The folder of a store', () => {
  it.each([
    ['NFS', 0x6969],
    ['CIFS', 0xff534d42],
    ['SMB2', 0xfe534d42],
    ['Ceph', 0x00c36400],
  ])('is refused on %s, by name', (name, type) => {
    expect(() => on(type)).toThrow(StoreRefused);
    expect(() => on(type)).toThrow(`/data is on ${name}`);
  });

  it.each([
    ['ext4', 0xef53],
    ['XFS', 0x58465342],
    ['Btrfs', 0x9123683e],
    ['tmpfs', 0x01021994],
    ['overlayfs', 0x794c7630],
  ])('is taken on %s', (_, type) => {
    expect(() => on(type)).not.toThrow();
  });

  it('is taken where the numbers mean something else', () => {
    expect(() => on(0x6969, 'darwin')).not.toThrow();
  });

  it('is looked at as it is', () => {
    expect(() => refuseNetworkFileSystem('.')).not.toThrow();
    expect(() => refuseNetworkFileSystem('/no/such/folder')).toThrow(/ENOENT/);
  });
});

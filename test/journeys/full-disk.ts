// Loaded before a program of the ledger (`node --import`), it lets every disk seem full. A disk that is full
// cannot be had in a test without being root, and without it there is no harmless one.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { statfsSync } = fs;
fs.statfsSync = ((path: string) =>
  Object.assign(statfsSync(path), { bavail: 1 })) as typeof statfsSync;
syncBuiltinESMExports();

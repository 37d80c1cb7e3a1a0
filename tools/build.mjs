// Builds `dist` where something is newer than it. A program that starts while another builds would find
// half of it; so nothing is written where there is nothing to build.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/.built';
const sources = ['apps', 'libs', 'package.json', 'package-lock.json', 'nest-cli.json', '.swcrc'];

const newest = (path) => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

const began = new Date();
if (!existsSync(BUILT) || statSync(BUILT).mtimeMs < Math.max(...sources.map(newest))) {
  const { status } = spawnSync('nest', ['build', 'capture-ledger'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(BUILT, `${began.toISOString()}\n`);
}

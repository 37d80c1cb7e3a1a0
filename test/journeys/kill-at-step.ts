// Loaded before a program of the ledger (`node --import`), it kills that process before it changes a file
// for the Nth time: KILL_AT_STEP=N. Every way counts in which a backup or a restore changes files: those of
// `node:fs` that they use, and whatever SQLite is told.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';

let left = Number(process.env['KILL_AT_STEP']);

const step = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

/** Lets a method do what it does, a step before it. */
const stepBefore = (
  owner: object,
  method: string,
  changes: (self: unknown) => boolean = () => true,
): void => {
  const original = Reflect.get(owner, method) as (...args: unknown[]) => unknown;
  Reflect.set(owner, method, function stepAndDo(this: unknown, ...args: unknown[]): unknown {
    if (changes(this)) step();
    return original.apply(this, args);
  });
};

for (const method of [
  'chmodSync',
  'fsyncSync',
  'linkSync',
  'mkdirSync',
  'mkdtempSync',
  'renameSync',
  'rmSync',
  'writeFileSync',
])
  stepBefore(fs, method);
syncBuiltinESMExports();
for (const method of ['exec', 'close']) stepBefore(DatabaseSync.prototype, method);
stepBefore(StatementSync.prototype, 'run');
// What is only read changes nothing.
stepBefore(StatementSync.prototype, 'get', (statement) =>
  (statement as StatementSync).sourceSQL.includes('journal_mode'),
);

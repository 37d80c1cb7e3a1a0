// Loaded before a program of the ledger (`node --import`), it kills that process while it writes views:
// KILL_IN_VIEWS="commit views.db 20" when the 20th transaction on views.db is written and not committed;
// "copy" when the rebuilt views have all but the last page been copied over the old ones.
import { registerHooks } from 'node:module';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const [point, file, count] = (process.env['KILL_IN_VIEWS'] ?? '').split(' ');
let left = Number(count);

// oxlint-disable-next-line typescript/unbound-method -- it is called with the database that it is of
const { exec } = DatabaseSync.prototype;
const writing = new WeakSet<DatabaseSync>();

DatabaseSync.prototype.exec = function execOrDie(this: DatabaseSync, sql: string): void {
  if (sql === 'BEGIN IMMEDIATE') writing.add(this);
  if (sql === 'COMMIT' && writing.has(this) && basename(this.location() ?? '') === file) {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  }
  exec.call(this, sql);
};

registerHooks({
  resolve(specifier, context, nextResolve) {
    const copies = specifier === 'node:sqlite' && context.parentURL?.endsWith('/views-file.js');
    return point === 'copy' && copies
      ? nextResolve('./killed-copy.ts', { ...context, parentURL: import.meta.url })
      : nextResolve(specifier, context);
  },
});

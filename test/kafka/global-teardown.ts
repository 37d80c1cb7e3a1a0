import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endOfRun } from './end-of-run.ts';

/** After a Jest run: ends its broker, and says which suites could not be run without one. */
export default async function globalTeardown(): Promise<void> {
  const { broker, folder } = endOfRun;
  if (broker && broker.exitCode === null && broker.signalCode === null) {
    const ended = once(broker, 'exit');
    broker.kill('SIGTERM');
    await ended;
  }
  if (folder === undefined) return;
  const notRun = join(folder, 'not-run');
  if (existsSync(notRun)) {
    const suites = readFileSync(notRun, 'utf8').trimEnd().split('\n');
    process.stderr.write(`\nNot run:\n${suites.map((suite) => `  ${suite}\n`).join('')}`);
  }
  rmSync(folder, { recursive: true, force: true });
}

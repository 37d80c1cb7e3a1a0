import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process of its own, which the test kills when it has seen enough. */
export const startChild = (task: 'project' | 'rebuild', folder: string) => {
  const child = spawn(
    process.execPath,
    [
      '--conditions=ledger-source',
      '--disable-warning=ExperimentalWarning',
      `--import=${new URL('../runtime/typescript-sources.mjs', import.meta.url).href}`,
      fileURLToPath(new URL('child-process.ts', import.meta.url)),
      task,
      folder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout);
  const said: string[] = [];
  lines.on('line', (line) => said.push(line));
  return {
    said,
    ended,
    /** Waits until it has said something like this. */
    says: async (pattern: RegExp): Promise<void> => {
      const ending = ended.then(() => 'ended');
      while (!said.some((line) => pattern.test(line)))
        if ((await Promise.race([once(lines, 'line'), ending])) === 'ended')
          throw new Error(`it ended without ${String(pattern)}: ${said.join(', ')}`);
    },
    kill: async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

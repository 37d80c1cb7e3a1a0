import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** An append that was acknowledged in the child: these ids, the last of them there. */
export type Acknowledged = Readonly<{
  stream: string;
  ids: readonly string[];
  revision: number;
  position: number;
}>;

export type AppendingChild = Readonly<{
  /** What it has been told so far. */
  acknowledged: readonly Acknowledged[];
  /** Resolves when it has been told of `count` appends, or has ended. */
  until: (count: number) => Promise<void>;
  pid: number;
  kill: () => void;
  /** Resolves when it has ended and all that it said is read: its exit code, null where it was killed. */
  ended: Promise<number | null>;
}>;

/** Starts appending-process.ts, which makes `appends` appends in `folder`. */
export const startAppending = (folder: string, name: string, appends: number): AppendingChild => {
  const file = fileURLToPath(new URL('./appending-process.ts', import.meta.url));
  const options = ['--conditions=ledger-source', file, folder, name, String(appends)];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: Acknowledged[] = [];
  const waiting = new Set<() => void>();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    // The last one may be cut: then nobody was told.
    if (line.endsWith('}')) acknowledged.push(JSON.parse(line) as Acknowledged);
    for (const look of waiting) look();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (acknowledged.length < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void ended.then(() => resolve());
    });
  const { pid = 0 } = child;
  return { acknowledged, until, pid, kill: () => void child.kill('SIGKILL'), ended };
};

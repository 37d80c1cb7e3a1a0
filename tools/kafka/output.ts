import { spawn } from 'node:child_process';

export type Output = Readonly<{
  /** Whether it ran to its end and gave the exit code 0. */
  ok: boolean;
  /** What it said on both of its outputs; where it could not be run, why. */
  said: string;
}>;

/**
 * Runs a program to its end, or until `stopping` is aborted. Never rejects: a program that is not there
 * is one that did not succeed.
 */
export const outputOf = (
  command: string,
  args: readonly string[],
  stopping?: AbortSignal,
): Promise<Output> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(stopping && { signal: stopping }),
    });
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk: Buffer) => (said += chunk.toString()));
    }
    // It was not there, or it was stopped; 'close' comes after it.
    child.once('error', (error) => (said += error.message));
    child.once('close', (code) => resolve({ ok: code === 0, said }));
  });

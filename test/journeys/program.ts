import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** How a program ended: its exit code, or the signal that ended it. */
export type Ended = number | NodeJS.Signals;

/** One of our programs as it is shipped (`npm run build`), in a process of its own. */
export class Program {
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  /** @param path below dist/apps/capture-ledger/src. */
  constructor(
    path: string,
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.#process = spawn(
      process.execPath,
      ['--enable-source-maps', join('dist/apps/capture-ledger/src', path), ...args],
      { env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#process.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#process.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#ended = once(this.#process, 'close').then(([code, signal]) => (code ?? signal) as Ended);
    programs.push(this);
  }

  /** Resolves when all that it said has been heard. */
  ended(): Promise<Ended> {
    return this.#ended;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** As an operator stops it. @throws where it does not end well. */
  async stop(): Promise<void> {
    this.kill('SIGTERM');
    const code = await this.ended();
    if (code !== 0) throw new Error(`it ended with ${code}: ${this.stdout}${this.stderr}`);
  }

  /** Waits until it has said something, on its standard output unless told otherwise. */
  async says(pattern: RegExp, on: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    for (;;) {
      const said = pattern.exec(this[on]);
      if (said) return said;
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        throw new Error(`it ended without saying ${pattern}: ${this.stdout}${this.stderr}`);
      }
      await Promise.race([once(this.#process[on], 'data'), this.#ended]);
    }
  }
}

/** A ledger of its own on an empty store, listening on any free port. */
export const startLedgerProgram = async (
  environment: Readonly<Record<string, string>> = {},
): Promise<Readonly<{ program: Program; url: string }>> => {
  const program = new Program('main.js', [], {
    LEDGER_STORE: join(temporaryFolder(), 'store'),
    LEDGER_HTTP_PORT: '0',
    LEDGER_LOG_LEVEL: 'error',
    ...environment,
  });
  const [url] = await program.says(/http:\/\/\S+/);
  return { program, url };
};

const programs: Program[] = [];
const folders: string[] = [];

export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-journey-'));
  folders.push(folder);
  return folder;
};

/** Ends what a test has started and removes what it has left. */
export const cleanUp = async (): Promise<void> => {
  for (const program of programs.splice(0)) {
    program.kill('SIGKILL');
    await program.ended();
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

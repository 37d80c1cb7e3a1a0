// Programs that are measured, each a process of its own.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** Ticks of the kernel's clock in a second, as every Linux tells user space. */
const TICKS = 100;

export class Child {
  readonly #process: ChildProcess;
  readonly #publishedBy: ((said: string) => Promise<number>) | undefined;
  #complaints = '';
  #said = '';

  constructor(
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    publishedBy?: (said: string) => Promise<number>,
  ) {
    this.#publishedBy = publishedBy;
    const options = ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning'];
    this.#process = spawn(process.execPath, [...options, program, ...args], {
      env: { ...process.env, ...environment, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout!.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString()).slice(-4_000);
    });
    this.#process.stderr!.on('data', (bytes: Buffer) => {
      this.#complaints = (this.#complaints + bytes.toString()).slice(-4_000);
    });
  }

  /** @throws Error it has ended, with the last that it said. */
  mustRun(): void {
    if (this.#process.exitCode !== null)
      throw new Error(`a program has ended: ${this.#complaints}`);
  }

  /** Events that it has published; undefined of one that publishes none. */
  async published(): Promise<number | undefined> {
    return this.#publishedBy?.(this.#said);
  }

  /** Seconds of CPU that all its threads have had. */
  cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  }

  /** The most memory it ever had, in MiB. */
  peakMemory(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024);
  }

  /** In order, where it knows how to. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}

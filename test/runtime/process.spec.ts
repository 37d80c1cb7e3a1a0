import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#runtime/system-clock.js';
import type { LoggedLine } from './fixtures.js';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** A process of its own, with what it said so far. */
class ChildProcess {
  readonly #process: ChildProcessByStdio<null, Readable, Readable | null>;
  readonly ended: Promise<number | NodeJS.Signals>;
  stdout = '';
  stderr = '';

  constructor(environment: Record<string, string> = {}, stderr: 'pipe' | number = 'pipe') {
    this.#process = spawn(
      process.execPath,
      [
        '--conditions=ledger-source',
        '--disable-warning=ExperimentalWarning',
        `--import=${new URL('typescript-sources.mjs', import.meta.url).href}`,
        here('child-process.ts'),
      ],
      {
        env: { PATH: process.env['PATH'], LEDGER_HTTP_PORT: '0', ...environment },
        stdio: ['ignore', 'pipe', stderr],
      },
    ) as ChildProcessByStdio<null, Readable, Readable | null>;
    this.#process.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = once(this.#process, 'close').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
    );
    children.push(this);
  }

  /** The port, once it is ready. */
  async port(): Promise<number> {
    const [, port] = await this.says(/ready (\d+)/);
    return Number(port);
  }

  /** Waits until it has said something, on whichever of the two. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const said = pattern.exec(this.stdout + this.stderr);
      if (said) return said;
      if (this.#over) throw new Error(`it ended: ${this.stdout}${this.stderr}`);
      const { stdout, stderr } = this.#process;
      const streams = stderr ? [stdout, stderr] : [stdout];
      await Promise.race([...streams.map((stream) => once(stream, 'data')), this.ended]);
    }
  }

  /** A signal, again and again, until it has ended. */
  async insist(signal: NodeJS.Signals): Promise<void> {
    while (!this.#over) {
      this.#process.kill(signal);
      await systemClock.wait(20);
    }
  }

  get #over(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  get log(): readonly LoggedLine[] {
    return this.stderr
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as LoggedLine);
  }
}

const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    await child.ended;
  }
});

describe('a process of the ledger', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'told to stop by %s, answers the request that is under way, closes in order, and ends well',
    async (signal) => {
      const child = new ChildProcess();
      const port = await child.port();
      const response = fetch(`http://127.0.0.1:${port}/`);
      await child.says(/request under way/);
      child.kill(signal);
      await expect(response.then((answer) => answer.text())).resolves.toBe('answered');
      await expect(child.ended).resolves.toBe(0);
      expect(child.log.map(({ msg }) => msg)).toEqual(['stopping', 'the store closes', 'stopped']);
      expect(child.log[0]).toMatchObject({ why: signal, open: ['store', 'http'] });
    },
  );

  it('told to stop twice, does not wait for what is stuck', async () => {
    const child = new ChildProcess({ STUCK: 'yes' });
    const port = await child.port();
    const response = fetch(`http://127.0.0.1:${port}/`).catch(() => 'cut off');
    await child.says(/request under way/);
    await child.insist('SIGTERM');
    await expect(child.ended).resolves.toBe(1);
    await expect(response).resolves.toBe('cut off');
    expect(child.log.at(-1)).toMatchObject({ level: 'error', open: ['store', 'http'] });
  });

  it.each([
    ['an error that nobody caught', '/throw', 4, 'fsync failed'],
    ['a rejection that nobody handled', '/reject', 1, 'nobody caught this'],
  ])('ends at once by %s, and its last line is written', async (_case, path, code, message) => {
    const child = new ChildProcess();
    const port = await child.port();
    await expect(fetch(`http://127.0.0.1:${port}${path}`)).rejects.toThrow('fetch failed');
    await expect(child.ended).resolves.toBe(code);
    expect(child.log).toMatchObject([{ level: 'fatal', err: { message } }]);
  });

  it('writes its log beside what it was asked to print', async () => {
    const child = new ChildProcess();
    await child.port();
    child.kill('SIGTERM');
    await child.ended;
    expect(child.stdout).toMatch(/^ready \d+\n$/);
    expect(child.log).not.toEqual([]);
  });

  it('goes on where its log cannot be written', async () => {
    const child = new ChildProcess({}, openSync('/dev/full', 'w'));
    const response = fetch(`http://127.0.0.1:${await child.port()}/`);
    await child.says(/request under way/);
    child.kill('SIGTERM');
    await expect(response.then((answer) => answer.text())).resolves.toBe('answered');
    await expect(child.ended).resolves.toBe(0);
  });

  it('does not start where the configuration is wrong, and says all of it', async () => {
    const child = new ChildProcess({ LEDGER_HTTP_PORT: 'http', LEDGER_PORT: '80' });
    await expect(child.ended).resolves.toBe(2);
    expect(child.stdout).toBe('');
    expect(child.stderr).toMatch(/^The configuration is wrong in 2 places; nothing was started\./);
    expect(child.stderr).toContain('did you mean LEDGER_HTTP_PORT?');
  });
});

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { until } from '../kafka/until.js';
import type { Ledger } from './sender-program.js';

/** What a reader of docs/messages prints: a key, and its view from here on, or null. */
export type Change = Readonly<{ key: string; view: unknown }>;

/** A reader of docs/messages, run as its reader would; it goes on until it is stopped. */
export class ReaderProgram {
  readonly #changes: Change[] = [];
  readonly #child: ChildProcess;
  #trouble = '';

  constructor([command, ...args]: readonly [string, ...string[]], ledger: Ledger) {
    const { brokers, topicPrefix } = ledger;
    this.#child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, KAFKA_BROKERS: brokers, LEDGER_KAFKA_TOPIC_PREFIX: topicPrefix },
    });
    createInterface(this.#child.stdout!).on('line', (line) =>
      this.#changes.push(JSON.parse(line) as Change),
    );
    this.#child.stderr!.on('data', (said: Buffer) => (this.#trouble += said.toString()));
    this.#child.on('error', ({ message }) => (this.#trouble += message));
  }

  /** Waits until it has printed changes of all of these keys, and gives all that it has printed. */
  async changesUpTo(keys: readonly string[]): Promise<readonly Change[]> {
    await until(`the reader has come to ${keys.join()}`, () => {
      if (this.#child.exitCode !== null) throw new Error(`it has ended: ${this.#trouble}`);
      const found = new Set(this.#changes.map(({ key }) => key));
      return keys.every((key) => found.has(key));
    });
    return this.#changes;
  }

  stop(): void {
    this.#child.kill();
  }
}

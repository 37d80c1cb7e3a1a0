import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Decided } from '#commands/answer.js';
import type { Environment } from '#runtime/configuration.js';
import { expectThat } from './expectation.js';
import type { Ask, Heard } from './sender.js';
import type { SentCommand } from './sent-command.js';

/** Whoever sends the demo's commands and is answered. */
export type Shop = Readonly<{
  send(command: SentCommand): Promise<Pick<Decided, 'answer' | 'repeat'>>;
}>;

/** A shop in a process of its own, which knows the ledger only by its topics. */
export class KafkaShop implements Shop {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (heard: Exclude<Heard, 'ready'>) => void>();
  #asked = 0;

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (heard: Heard) => {
      if (heard !== 'ready') this.#waiting.get(heard.number)?.(heard);
    });
  }

  /** @throws {Trouble} it could not reach the broker; it has said why. */
  static async open(env: Environment): Promise<KafkaShop> {
    const process = fork(new URL('sender.js', import.meta.url), { env });
    const ended = once(process, 'exit').then(([code]) => `an end with ${code}`);
    const [first] = await Promise.race([once(process, 'message'), ended.then((how) => [how])]);
    expectThat(first === 'ready', 'a shop that is ready', first);
    return new KafkaShop(process);
  }

  send(command: SentCommand): Promise<Pick<Decided, 'answer' | 'repeat'>> {
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#process.send({ number, command } satisfies Ask);
    });
  }

  /** Resolves when the process is gone. */
  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}

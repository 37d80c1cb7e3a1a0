import { Agent } from 'node:http';
import { post } from './post.js';
import type { Heard } from './post.js';
import type { SentCommand } from './sent-command.js';

/** Nothing was decided, and the same command may be sent again. */
const UNAVAILABLE = 503;

/** A store that is busy says so, and is not for long. */
const TRIES_MAX = 100;

/** Sends commands, and keeps what was answered over any number of lives of any number of ledgers. */
export class Load {
  readonly commands: readonly SentCommand[];
  /** The first answer to each command that was answered, by its id. */
  readonly acknowledged = new Map<string, Heard>();
  /** Where two answers to a command cannot both be true; there must be none. */
  readonly contradictions: string[] = [];
  /** Answers of which only a part came. */
  torn = 0;
  /** Ids of commands that some answer has called decided just now. */
  readonly #fresh = new Set<string>();

  constructor(commands: readonly SentCommand[]) {
    this.commands = commands;
  }

  get unanswered(): readonly SentCommand[] {
    return this.commands.filter(({ commandId }) => !this.acknowledged.has(commandId));
  }

  /**
   * Each queue is sent by a sender of its own, one command after another. Resolves when all is answered,
   * or the ledger has gone: a sender who hears nothing gives up.
   */
  async send(
    url: string,
    queues: readonly (readonly SentCommand[])[],
    onAnswer: () => void = () => undefined,
  ): Promise<void> {
    const agent = new Agent({ keepAlive: true });
    const sendQueue = async (queue: readonly SentCommand[]): Promise<void> => {
      for (const command of queue) {
        if (!(await this.#deliver(agent, url, command))) return;
        onAnswer();
      }
    };
    await Promise.all(queues.map(sendQueue));
    agent.destroy();
  }

  /** Resolves when it is answered, or with false where the ledger has gone. */
  async #deliver(agent: Agent, url: string, command: SentCommand): Promise<boolean> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const before = this.acknowledged.get(command.commandId);
      const reply = await post(agent, url, command);
      if (reply === 'torn') this.torn += 1;
      if (typeof reply === 'string') return false;
      if (reply.status === UNAVAILABLE) continue;
      this.#hear(command, reply, before);
      return true;
    }
    throw new Error(`${command.commandId} is not decided after ${TRIES_MAX} tries`);
  }

  /** @param before what had been answered when it was sent. */
  #hear({ commandId }: SentCommand, heard: Heard, before: Heard | undefined): void {
    const known = this.acknowledged.get(commandId);
    if (!known) this.acknowledged.set(commandId, heard);
    else if (known.said !== heard.said) this.#contradiction(commandId, known.said, heard.said);
    if (heard.repeat) return;
    if (before) this.#contradiction(commandId, 'decided again after its answer');
    if (this.#fresh.has(commandId)) this.#contradiction(commandId, 'decided twice');
    this.#fresh.add(commandId);
  }

  #contradiction(...what: readonly string[]): void {
    this.contradictions.push(what.join('   '));
  }
}

import { Partitioners } from 'kafkajs';
import type { Consumer, Message, Producer } from 'kafkajs';
import { plainClient } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import type { SentCommand } from './sent-command.js';

/** Commands of one send: small, so that a test has them under way when something happens. */
const TOGETHER = 20;

/** Sends commands over Kafka, as a stranger does, and hears all answers, whatever becomes of the ledgers. */
export class KafkaLoad {
  readonly commands: readonly SentCommand[];
  /** The first answer to each command that was answered, by its id. */
  readonly acknowledged = new Map<string, Readonly<{ body: string }>>();
  /** Where two answers to a command differ; there must be none. */
  readonly contradictions: string[] = [];
  /** Answers heard, repeats and all. */
  answers = 0;
  readonly #prefix: string;
  readonly #producer: Producer;
  readonly #consumer: Consumer;

  constructor(address: string, prefix: string, commands: readonly SentCommand[]) {
    this.commands = commands;
    this.#prefix = prefix;
    const client = plainClient(address);
    this.#producer = client.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      // A send that is tried again must not overtake the next one, nor be there twice.
      idempotent: true,
      maxInFlightRequests: 1,
    });
    this.#consumer = client.consumer({
      groupId: `${prefix}load`,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
    });
    loads.push(this);
  }

  get unanswered(): readonly SentCommand[] {
    return this.commands.filter(({ commandId }) => !this.acknowledged.has(commandId));
  }

  /** The topics are there: a ledger has made them. */
  async open(): Promise<void> {
    await this.#producer.connect();
    await this.#consumer.connect();
    await this.#consumer.subscribe({
      topic: `${this.#prefix}capture.answers.v1`,
      fromBeginning: true,
    });
    await this.#consumer.run({
      eachBatch: async ({ batch }) => {
        for (const { value } of batch.messages) this.#hear(String(value));
      },
    });
  }

  /** In their order; resolves when all are written. */
  async send(commands: readonly SentCommand[]): Promise<void> {
    for (let from = 0; from < commands.length; from += TOGETHER) {
      await this.write(commands.slice(from, from + TOGETHER).map(messageOf));
    }
  }

  async write(messages: readonly Message[]): Promise<void> {
    await this.#producer.send({
      topic: `${this.#prefix}capture.commands.v1`,
      messages: [...messages],
    });
  }

  answered(): Promise<void> {
    return until(
      `${this.commands.length} commands are answered`,
      () => this.unanswered.length === 0,
    );
  }

  /** So many more answers than now, of whatever commands. */
  moreAnswers(count: number): Promise<void> {
    const enough = this.answers + count;
    return until(`${count} more answers`, () => this.answers >= enough);
  }

  async close(): Promise<void> {
    await Promise.all([this.#producer.disconnect(), this.#consumer.disconnect()]);
  }

  #hear(body: string): void {
    this.answers += 1;
    const { commandId } = JSON.parse(body) as { commandId?: string };
    if (commandId === undefined) return;
    const known = this.acknowledged.get(commandId);
    if (!known) this.acknowledged.set(commandId, { body });
    else if (known.body !== body)
      this.contradictions.push(`${commandId}: ${known.body} and ${body}`);
  }
}

export const messageOf = ({ authorizationId, commandId, type, body }: SentCommand): Message => ({
  key: authorizationId,
  value: body,
  headers: { ce_specversion: '1.0', ce_id: commandId, ce_type: type, ce_source: '/load' },
});

/** Commands of many lives so that all go on side by side, each in its order. */
export const inTurns = (commands: readonly SentCommand[]): readonly SentCommand[] => {
  const lives = [...Map.groupBy(commands, ({ authorizationId }) => authorizationId).values()];
  const longest = Math.max(...lives.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    lives.flatMap((life) => life[turn] ?? []),
  ).flat();
};

const loads: KafkaLoad[] = [];

/** Ends what a test has opened. */
export const closeLoads = async (): Promise<void> => {
  for (const load of loads.splice(0)) await load.close();
};

import type { Answer } from '#commands/answer.js';
import type { Clock } from '#runtime/clock.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { KafkaCaller } from '../kafka-caller.js';
import { NoAnswer } from './command-sink.js';
import type { Answered, CommandSink } from './command-sink.js';
import type { OutgoingCommand } from './outgoing-command.js';

/** A command that is not answered within so long was lost, or no ledger takes commands. */
const ANSWER_WITHIN_MS = 30_000;

const SOURCE = '/capture-ledger/send';

/** Sends each command over Kafka. */
export class KafkaCommandSink implements CommandSink {
  /** Some tries: the group waits for a ledger that was killed for half a minute, and takes what it had not answered then. */
  readonly awayMax = 120_000;
  readonly #caller: KafkaCaller;
  readonly #clock: Clock;
  readonly #closed = new AbortController();

  constructor(kafka: KafkaConfiguration, clock: Clock) {
    this.#caller = new KafkaCaller(kafka, clock);
    this.#clock = clock;
  }

  /** @throws kafkajs' error: the cluster cannot be reached, or has no topic of answers. */
  open(): Promise<void> {
    return this.#caller.open();
  }

  async send(command: OutgoingCommand): Promise<Answered> {
    const { type, commandId, authorizationId } = command;
    const asked = { type, commandId, authorizationId, body: bodyOf(command), source: SOURCE };
    const answered = await this.#within(ANSWER_WITHIN_MS, (signal) =>
      this.#caller.ask(asked, signal).catch((error: unknown) => {
        throw new NoAnswer(error);
      }),
    );
    const told = toldOf(answered);
    if (told.outcome === 'failed') throw new NoAnswer(`the ledger says ${told.reason}`, told);
    return told;
  }

  close(): void {
    this.#closed.abort('closed');
    void this.#caller.close();
  }

  /** Runs a task that is told to give up when it takes longer, or this sink is closed. */
  async #within<Result>(
    milliseconds: number,
    task: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const late = new AbortController();
    const ended = new AbortController();
    void this.#clock
      .wait(milliseconds, ended.signal)
      .then(() => late.abort(`no answer within ${milliseconds} ms`));
    try {
      return await task(AbortSignal.any([late.signal, this.#closed.signal]));
    } finally {
      ended.abort();
    }
  }
}

const toldOf = ({ answer, repeat }: Readonly<{ answer: Answer; repeat: boolean }>): Answered => {
  const { outcome, reason, errors } = answer;
  if (errors) return { outcome, reason: 'invalid_command', flaws: flawsOf(errors), repeat };
  return { outcome, repeat, ...(reason !== undefined && { reason }) };
};

const flawsOf = (errors: NonNullable<Answer['errors']>): string =>
  errors.map(({ pointer, message }) => `${pointer} ${message}`.trim()).join('; ');

/** Over Kafka the merchant account is a member of the command. */
const bodyOf = ({ merchantAccountId, body }: OutgoingCommand): Buffer | string =>
  merchantAccountId === undefined
    ? Buffer.from(body)
    : JSON.stringify({
        ...(JSON.parse(Buffer.from(body).toString()) as object),
        merchantAccountId,
      });

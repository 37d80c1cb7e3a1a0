import { backOff } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import { NoAnswer } from './command-sink.js';
import type { Answered, CommandSink } from './command-sink.js';
import type { OutgoingCommand } from './outgoing-command.js';

/** Tries of a command that alone gets no answer, and of any before the first answer ever. */
const TRIES_MAX = 4;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2_000;

/** Nobody answers, however often and long it was tried. */
export class GaveUp extends Error {
  override readonly name = 'GaveUp';
  readonly tries: number;
  readonly milliseconds: number;

  constructor(cause: unknown, tries: number, milliseconds: number) {
    super('gave up', { cause });
    this.tries = tries;
    this.milliseconds = milliseconds;
  }
}

/** A sink that sends again what got no answer, less and less often, until it is no use. */
export class PatientSink implements CommandSink {
  readonly #sink: CommandSink;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #lastAnswerAt: number | undefined;

  /** Aborted, it tries nothing again. */
  constructor(sink: CommandSink, clock: Clock, signal: AbortSignal) {
    this.#sink = sink;
    this.#clock = clock;
    this.#signal = signal;
  }

  get awayMax(): number {
    return this.#sink.awayMax;
  }

  /** Milliseconds since 1970; undefined: there was no answer. */
  get lastAnswerAt(): number | undefined {
    return this.#lastAnswerAt;
  }

  /** @throws {GaveUp} also where it was aborted before there was an answer. */
  async send(command: OutgoingCommand): Promise<Answered> {
    const since = this.#clock.now();
    for (let tries = 1; ; tries += 1) {
      try {
        const answered = await this.#sink.send(command);
        this.#lastAnswerAt = this.#clock.now();
        return answered;
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (error.failed && tries === TRIES_MAX) return error.failed;
        if (!error.failed && this.#isNoUse(tries)) {
          throw new GaveUp(error.cause, tries, this.#clock.now() - since);
        }
        const wait = backOff(this.#clock, tries, FIRST_WAIT_MS, LONGEST_WAIT_MS);
        await this.#clock.wait(wait, this.#signal);
        if (this.#signal.aborted) throw new GaveUp(error.cause, tries, this.#clock.now() - since);
      }
    }
  }

  close(): void {
    this.#sink.close();
  }

  #isNoUse(tries: number): boolean {
    if (this.#lastAnswerAt === undefined) return tries >= TRIES_MAX;
    return this.#clock.now() - this.#lastAnswerAt > this.awayMax;
  }
}

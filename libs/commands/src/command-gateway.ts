import type { CommandBus } from '@nestjs/cqrs';
import type { Instant } from '#capture/values.js';
import type { Clock } from '#runtime/clock.js';
import type { Answer, Decided } from './answer.js';
import type { DecisionsObserver } from './decisions-observer.js';
import type { IncomingCommand } from './incoming-command.js';
import { parseCommand } from './parse-command.js';
import type { InvalidCommand } from './parse-command.js';

/** The one way for bytes to become an answer, whoever brings them. */
export class CommandGateway {
  readonly #bus: CommandBus;
  readonly #clock: Clock;
  readonly #observer: DecisionsObserver;
  /** What came in the same millisecond was issued at the same instant, which takes longer to write than to keep. */
  #latest = { now: Number.NaN, instant: '' };

  constructor(bus: CommandBus, clock: Clock, observer: DecisionsObserver) {
    this.#bus = bus;
    this.#clock = clock;
    this.#observer = observer;
  }

  /**
   * The answer to what came in; `invalid` where it is no command. It rejects only with what is not the
   * sender's doing, and with a precondition that the sender set: see `Decisions.submit`.
   */
  async receive(incoming: IncomingCommand): Promise<Decided> {
    const now = this.#clock.now();
    const parsed = parseCommand(incoming, this.#instantOf(now));
    if (parsed.ok) return this.#bus.execute(parsed.command);
    const decided = invalidMessage(parsed.invalid);
    this.#observer.answered(decided, this.#clock.now() - now);
    return decided;
  }

  #instantOf(now: number): Instant {
    if (now !== this.#latest.now) this.#latest = { now, instant: new Date(now).toISOString() };
    return this.#latest.instant;
  }
}

const invalidMessage = (invalid: InvalidCommand): Decided => ({
  answer: invalidAnswer(invalid),
  repeat: false,
  deadLetter: { reason: 'invalid', ...(invalid.withheld && { withheld: invalid.withheld }) },
});

const invalidAnswer = ({ errors, ...said }: InvalidCommand): Answer => {
  const { commandId, commandType, merchantAccountId, authorizationId } = said;
  return {
    ...(commandId !== undefined && { commandId }),
    ...(commandType !== undefined && { commandType }),
    outcome: 'invalid',
    ...(merchantAccountId !== undefined && { merchantAccountId }),
    ...(authorizationId !== undefined && { authorizationId }),
    errors,
  };
};

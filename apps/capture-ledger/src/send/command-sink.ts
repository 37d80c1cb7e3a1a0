import type { Answer } from '#commands/answer.js';
import type { OutgoingCommand } from './outgoing-command.js';

/** What became of a command, as far as a tally tells commands apart. */
export type Answered = Readonly<{
  outcome: Answer['outcome'];
  /** Why it was refused, invalid or failed. */
  reason?: string;
  /** For a person: what is wrong with an invalid one, and where. */
  flaws?: string;
  /** It was decided before; this is the recorded answer again. */
  repeat: boolean;
}>;

/** Where commands go. The same command may be sent any number of times: it is decided once. */
export interface CommandSink {
  /** Milliseconds that a ledger which has answered may be away: it is being started anew. */
  readonly awayMax: number;
  /** @throws {NoAnswer} it may be decided or not: send it again. */
  send(command: OutgoingCommand): Promise<Answered>;
  /** Lets go of whatever is still under way. */
  close(): void;
}

/** Nobody answered, or who did cannot answer now. The cause says why. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** What there is to say of this one command, if it goes on like this; undefined: nobody is there. */
  readonly failed: Answered | undefined;

  constructor(cause: unknown, failed?: Answered) {
    super('no answer', { cause });
    this.failed = failed;
  }
}

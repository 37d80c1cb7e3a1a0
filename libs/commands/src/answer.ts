import type { Flaw } from './flaw.js';
import type { Withheld } from './withheld.js';

/**
 * What became of a command, over every transport the same. For `accepted` and `rejected` it is a
 * function of the recorded events alone, so it is the same for ever. `invalid` and `failed` are no
 * decisions: the same command id may come again. Members that do not apply are absent.
 */
export type Answer = Readonly<{
  commandId?: string;
  commandType?: string;
  outcome: 'accepted' | 'rejected' | 'invalid' | 'failed';
  merchantAccountId?: string;
  authorizationId?: string;
  captureId?: string;
  refundId?: string;
  /** The stream's revision after this command. */
  revision?: number;
  /** Why it was rejected, or failed. */
  reason?: string;
  /** The numbers that mattered to a refusal. */
  details?: Readonly<Record<string, string | number | boolean>>;
  /** What is wrong with an invalid one, and where. */
  errors?: readonly Flaw[];
}>;

/** An answer with what transports say about it beside its bytes. */
export type Decided = Readonly<{
  answer: Answer;
  /** It was decided before; the answer is the recorded one again. */
  repeat: boolean;
  /** What the command made, where it made something. As the answer, it is the same on every repeat. */
  created?: 'authorization' | 'capture' | 'refund';
  /** Nothing of it stands in the history: who has only this message must keep it for somebody to look at. */
  deadLetter?: DeadLetter;
}>;

/** Why a message may be a dead letter. */
export const deadLetterReasons = [
  'invalid',
  'stream_unusable',
  'internal_error',
  'history_full',
  'command_id_reused',
] as const;

export type DeadLetter = Readonly<{
  reason: (typeof deadLetterReasons)[number];
  /** What it seems to hold, so that nothing that its sender wrote may be kept. */
  withheld?: Withheld;
}>;

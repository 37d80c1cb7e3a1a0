import { isFact } from '#capture/commands.js';
import type { Answer, Decided } from './answer.js';
import type { SubmittedCommand } from './submitted-command.js';

/** Trouble that is not the sender's: the same command id may come again when it is mended. */
export type FailureReason = 'stream_unusable' | 'internal_error' | 'history_full';

/** A refusal that leaves no trace: once true it stays true. A fact is not lost by it: somebody must look. */
export const commandIdReused = (submitted: SubmittedCommand): Decided => {
  const decided = undecided(submitted, 'rejected', 'command_id_reused');
  if (!isFact(submitted.command)) return decided;
  return { ...decided, deadLetter: { reason: 'command_id_reused' } };
};

/** A refusal that leaves no trace: there is no room for one, and there will be none. */
export const historyFull = (submitted: SubmittedCommand): Decided =>
  undecided(submitted, 'rejected', 'history_full');

export const failedAnswer = (submitted: SubmittedCommand, reason: FailureReason): Decided => ({
  ...undecided(submitted, 'failed', reason),
  deadLetter: { reason },
});

const undecided = (
  { command }: SubmittedCommand,
  outcome: Answer['outcome'],
  reason: string,
): Decided => {
  const { commandId, type: commandType, merchantAccountId, authorizationId } = command;
  const answer = { commandId, commandType, outcome, merchantAccountId, authorizationId, reason };
  return { answer, repeat: false };
};

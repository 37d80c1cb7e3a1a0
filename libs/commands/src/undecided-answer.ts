import type { UnrecordedRejection } from '#capture/rejections.js';
import type { Answer, Decided } from './answer.js';
import type { SubmittedCommand } from './submitted-command.js';

/** Trouble that is not the sender's: the same command id may come again when it is mended. */
export type FailureReason = 'stream_unusable' | 'internal_error' | 'history_full';

/** A refusal that leaves no trace: once true it stays true. */
export const unrecordedRefusal = (
  submitted: SubmittedCommand,
  reason: UnrecordedRejection,
): Decided => undecided(submitted, 'rejected', reason);

export const failedAnswer = (submitted: SubmittedCommand, reason: FailureReason): Decided =>
  undecided(submitted, 'failed', reason);

const undecided = (
  { command }: SubmittedCommand,
  outcome: Answer['outcome'],
  reason: string,
): Decided => {
  const { commandId, type: commandType, merchantAccountId, authorizationId } = command;
  const answer = { commandId, commandType, outcome, merchantAccountId, authorizationId, reason };
  return { answer, repeat: false };
};

import type { Log } from './log.js';

/** What is logged of an answer. `Answer` of libs/commands is one; no other member of it is logged. */
type Answered = Readonly<{
  commandId?: string;
  commandType?: string;
  outcome: 'accepted' | 'rejected' | 'invalid' | 'failed';
  merchantAccountId?: string;
  authorizationId?: string;
  captureId?: string;
  refundId?: string;
  revision?: number;
  reason?: string;
  errors?: readonly Readonly<{ pointer: string }>[];
}>;

/** As many places of an invalid command, and as much of each: they are in the sender's words. */
const POINTERS = 5;
const POINTER_LENGTH = 128;

/**
 * One line for one answered command: failed ones at error, since somebody must look; refusals, invalid
 * and slow ones at info; the rest at debug.
 */
export const logAnswer = (
  log: Log,
  answer: Answered,
  about: Readonly<{ repeat: boolean; milliseconds: number; slowFrom: number }>,
): void => {
  const slow = about.milliseconds >= about.slowFrom;
  const members = {
    commandId: answer.commandId,
    commandType: answer.commandType,
    outcome: answer.outcome,
    merchantAccountId: answer.merchantAccountId,
    authorizationId: answer.authorizationId,
    captureId: answer.captureId,
    refundId: answer.refundId,
    revision: answer.revision,
    reason: answer.reason,
    pointers: answer.errors
      ?.slice(0, POINTERS)
      .map(({ pointer }) => pointer.slice(0, POINTER_LENGTH)),
    repeat: about.repeat || undefined,
    slow: slow || undefined,
    milliseconds: about.milliseconds,
  };
  const line = `command ${answer.outcome}`;
  if (answer.outcome === 'failed') log.error(members, line);
  else if (answer.outcome === 'accepted' && !slow) log.debug(members, line);
  else log.info(members, line);
};

import { sameFingerprint } from './fingerprint.js';
import type { SubmittedCommand } from './submitted-command.js';
import type { DecidedCommand } from './stream-history.js';

/** Whether this very command was decided before, or another one under its id. */
export const decidedBefore = (
  known: DecidedCommand | undefined,
  command: SubmittedCommand,
): 'never' | 'the_same' | 'another' => {
  if (!known) return 'never';
  return sameFingerprint(command, known.fingerprint) ? 'the_same' : 'another';
};

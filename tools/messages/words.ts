import type { CommandType } from '#capture/commands.js';
import type { UnrecordedRejection } from '#capture/rejections.js';
import { commandDefinitions } from '#commands/command-classes.js';
import { everyWord } from '#http/every-word.js';
import { refusals } from '#http/open-api/answer-schemas.js';

export const commandTypes = [...commandDefinitions.keys()] as readonly CommandType[];

/** Refusals that leave no trace: their answers have no revision. */
export const unrecordedRefusals: readonly string[] = everyWord<UnrecordedRejection>({
  command_id_reused: true,
  history_full: true,
});

/** Refusals that stand in a history. */
export const recordedRefusals: readonly string[] = refusals.filter(
  (reason) => !unrecordedRefusals.includes(reason),
);

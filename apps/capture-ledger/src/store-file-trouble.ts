import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { Trouble } from '#runtime/trouble.js';
import type { TroubleReport } from '#runtime/trouble.js';
import { exitCodeOf } from './exit-code.js';

/**
 * What a person is told of a backup or a restore that could not be made. The operating system's own
 * errors (no permission, no space) may pass; what nobody foresaw is given back as it is.
 */
export const storeFileTrouble = (
  { origins }: Configuration,
  { what, cause, cures }: Pick<TroubleReport, 'what' | 'cause' | 'cures'>,
): unknown => {
  const code = exitCodeOf(cause);
  if (code === exitCodes.unexpected && !isSystemError(cause)) return cause;
  return new Trouble({
    what,
    cause,
    setting: { name: 'LEDGER_STORE', origin: origins.LEDGER_STORE },
    cures,
    exitCode: code === exitCodes.unexpected ? exitCodes.unreachable : code,
  });
};

const isSystemError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errno' in error && 'syscall' in error;

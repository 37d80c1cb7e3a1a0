import { UnknownEvent } from '#event-store/event-codec.js';
import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { ExitCode } from '#runtime/exit-codes.js';
import { exitCodeOf as exitCodeOfTrouble } from '#runtime/trouble.js';
import { ViewThreadFailed } from './view-thread-failed.js';

/** The code that a process of the ledger ends with because of `error`, of whatever room it is. */
export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UnknownEvent) return exitCodes.historyUnknown;
  if (error instanceof StoreBroken) return exitCodes.storeBroken;
  if (error instanceof StoreRefused) return exitCodes.usage;
  if (error instanceof StoreUnavailable) return exitCodes.unreachable;
  if (error instanceof ViewThreadFailed) return error.exitCode;
  return exitCodeOfTrouble(error);
};

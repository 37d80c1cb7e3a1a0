import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';

const ERROR = 1;
const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const PROTOCOL = 15;
const NOT_A_DATABASE = 26;

/** SQLite's extended result code; undefined for errors that are not SQLite's. */
const codeOf = (error: unknown): number | undefined =>
  typeof error === 'object' &&
  error !== null &&
  'errcode' in error &&
  typeof error.errcode === 'number'
    ? error.errcode
    : undefined;

/**
 * Trouble that passes, and that left nothing behind. Anything else (an I/O error, a failed fsync, a
 * damaged file) is for the next process to find out about: undefined.
 */
export const passingTrouble = (error: unknown): 'busy' | 'full' | undefined => {
  // The low byte is the primary code; what is above it says in which system call.
  switch ((codeOf(error) ?? 0) & 0xff) {
    case BUSY:
    case PROTOCOL:
      return 'busy';
    case FULL:
      return 'full';
    default:
      return undefined;
  }
};

/** What the port calls an error of SQLite; what is not SQLite's stays what it is. */
export const asStoreTrouble = (error: unknown): unknown => {
  if (codeOf(error) === undefined) return error;
  const trouble = passingTrouble(error);
  return trouble ? new StoreUnavailable(trouble, String(error)) : new StoreBroken(String(error));
};

/** The file is damaged, no database, or another one than it should be: it lacks a table that is asked for. */
export const isDamage = (error: unknown): error is Error =>
  [ERROR, CORRUPT, NOT_A_DATABASE].includes((codeOf(error) ?? 0) & 0xff);

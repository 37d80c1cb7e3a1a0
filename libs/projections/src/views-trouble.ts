import { StoreUnavailable } from '#event-store/event-store.js';

const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** Errors of Node have these; where tests run, they are of another realm than the class `Error`. */
const numberIn = (error: unknown, member: 'errcode' | 'errno'): number | undefined => {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, member);
  return typeof value === 'number' ? value : undefined;
};

/** The result code of an error of SQLite, without what says in which system call; else undefined. */
const codeOf = (error: unknown): number | undefined => {
  const code = numberIn(error, 'errcode');
  return code === undefined ? undefined : code & 0xff;
};

/** Another connection has a lock that this one needs. */
export const isBusy = (error: unknown): boolean => codeOf(error) === BUSY;

/**
 * Trouble with this room's files, whatever it is: SQLite's, or of the operating system. An event store
 * tells its own by the names of its port, so that this is never the store's.
 */
export const isOfFiles = (error: unknown): error is Error =>
  numberIn(error, 'errcode') !== undefined || numberIn(error, 'errno') !== undefined;

/** The file holds no database at all. */
export const isNoDatabase = (error: unknown): boolean => codeOf(error) === NOT_A_DATABASE;

/** The file cannot be read: a disk's fault, or somebody else's doing. */
export const isDamage = (error: unknown): boolean =>
  codeOf(error) === CORRUPT || isNoDatabase(error);

/** `node:sqlite` says so of a backup to a file that is locked: an error whose code is that there is none. */
export const isLockedForBackup = (error: unknown): boolean => codeOf(error) === 0;

/** What readers are told of trouble with the views: they are a cache, and the log has everything. */
export const asReadersTrouble = (error: unknown): unknown =>
  isOfFiles(error) ? new StoreUnavailable('unreachable', `views.db: ${error.message}`) : error;

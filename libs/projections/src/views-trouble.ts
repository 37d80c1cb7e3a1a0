import { StoreUnavailable } from '#event-store/event-store.js';

const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** The result code of an error of SQLite, without what says in which system call; else undefined. */
const codeOf = (error: unknown): number | undefined =>
  typeof error === 'object' &&
  error !== null &&
  'errcode' in error &&
  typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;

/** The file holds no database at all. */
export const isNoDatabase = (error: unknown): boolean => codeOf(error) === NOT_A_DATABASE;

/** The file cannot be read: a disk's fault, or somebody else's doing. */
export const isDamage = (error: unknown): boolean =>
  codeOf(error) === CORRUPT || isNoDatabase(error);

/** `node:sqlite` says so of a backup to a file that is locked: an error whose code is that there is none. */
export const isLockedForBackup = (error: unknown): boolean => codeOf(error) === 0;

/** What readers are told of trouble with the views: they are a cache, and the log has everything. */
export const asReadersTrouble = (error: unknown): unknown =>
  codeOf(error) === undefined
    ? error
    : new StoreUnavailable('unreachable', `views.db: ${String(error)}`);

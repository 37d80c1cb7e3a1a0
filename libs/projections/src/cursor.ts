import { InvalidCursor } from './queries.js';

/** Which list a cursor is of: another list's is none. */
export type ListName = 'authorizations' | 'captures';

/** The place after an item, as readers get it: opaque, and good for as long as there is a log. */
export const cursorAfter = (list: ListName, key: number): string =>
  Buffer.from(`${list}:${key}`).toString('base64url');

/**
 * The key of the item that a cursor comes after; where there is no cursor, greater than any.
 *
 * @throws {InvalidCursor}
 */
export const keyBefore = (list: ListName, cursor: string | undefined): number => {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  const [name, digits] = Buffer.from(cursor, 'base64url').toString().split(':');
  const key = Number(digits);
  // Base64 is read generously: what is taken is what was given, to the letter.
  if (name !== list || !Number.isSafeInteger(key) || cursorAfter(list, key) !== cursor)
    throw new InvalidCursor();
  return key;
};

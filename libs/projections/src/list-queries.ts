import type { SQLInputValue } from 'node:sqlite';
import type { CaptureStatus } from '#capture/authorization.js';
import type { AuthorizationQuery, CaptureQuery } from './queries.js';

/**
 * What a list is made of: the key that orders it, the key of the authorization, and which of its captures.
 * Documents are read apart: one has many captures, and may be megabytes.
 */
export type ListedRow = readonly [key: number, authorization: number, sequence: number];

/** By the key of the authorization. */
export const DOCUMENT = 'SELECT stream, document FROM authorizations WHERE id = ?';

export type Query = Readonly<{ sql: string; values: readonly SQLInputValue[] }>;

/** Those after which no row comes that was asked for, newest first: at most `count`, keys below `before`. */
type Part = Readonly<{ before: number; count: number }>;

export const authorizationRows = (
  { merchantAccountId, status }: AuthorizationQuery,
  { before, count }: Part,
): Query => ({
  // The plus keeps SQLite from going by status where none is given, and sorting all there are.
  sql: `SELECT id, id, 0 FROM authorizations
    WHERE merchant = ? AND ${status ? 'status = ?' : '+status IS NOT NULL'} AND id < ?
    ORDER BY id DESC LIMIT ?`,
  values: [merchantAccountId, ...(status ? [status] : []), before, count],
});

export const captureRows = (query: CaptureQuery, { before, count }: Part): Query => {
  const { merchantAccountId, waitingSinceBefore } = query;
  // Each part comes in the order of its index, and SQLite merges them: nothing is sorted.
  const parts = statusesOf(query).map((status) => ({
    sql: `SELECT position, authorization, sequence FROM captures WHERE merchant = ?
      ${status ? 'AND status = ?' : ''} ${waitingSinceBefore ? `AND waits_since < ? AND ${IS_WAITING}` : ''}
      AND position < ?`,
    values: [
      merchantAccountId,
      ...(status ? [status] : []),
      ...(waitingSinceBefore ? [waitingSinceBefore] : []),
      before,
    ],
  }));
  return {
    sql: `${parts.map(({ sql }) => sql).join(' UNION ALL ')} ORDER BY position DESC LIMIT ?`,
    values: [...parts.flatMap(({ values }) => values), count],
  };
};

const waiting = ['requested', 'pending'] as const satisfies readonly CaptureStatus[];
const IS_WAITING = `status IN (${waiting.map((status) => `'${status}'`).join(', ')})`;

/** Those that are looked through; undefined stands for any. */
const statusesOf = ({
  status,
  waitingSinceBefore,
}: CaptureQuery): readonly (CaptureStatus | undefined)[] =>
  waitingSinceBefore !== undefined && status === undefined ? waiting : [status];

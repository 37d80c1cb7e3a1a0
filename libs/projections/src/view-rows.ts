import type { CaptureStatus } from '#capture/authorization.js';
import { statusOf } from '#capture/balances.js';
import type { AuthorizationStatus } from '#capture/balances.js';
import type { Instant } from '#capture/values.js';
import { ownerOf } from './authorization-document.js';
import type { AuthorizationDocument } from './authorization-document.js';

/** What the lists go by, of one capture. */
export type CaptureRow = Readonly<{
  /** At which it was created: newer ones have greater. */
  position: number;
  sequence: number;
  status: CaptureStatus;
  waitsSince: Instant;
  /** It is not there yet. */
  isNew: boolean;
}>;

export const merchantOf = (document: AuthorizationDocument): string =>
  ownerOf(document).merchantAccountId;

/** Null where there is no registration. */
export const statusIn = ({ state }: AuthorizationDocument): AuthorizationStatus | null =>
  state.registered ? statusOf(state, state.registered) : null;

/** The rows of a document's captures that are not as they were `before`. */
export const changedCaptures = (
  { state, captures }: AuthorizationDocument,
  before: AuthorizationDocument | undefined,
): readonly CaptureRow[] => {
  const rows: CaptureRow[] = [];
  for (const [place, { sequence, status }] of state.captures.entries()) {
    const details = captures[place];
    const was = before?.state.captures[place];
    if (!details || was?.status === status) continue;
    const { position, waitsSince } = details;
    rows.push({ position, sequence, status, waitsSince, isNew: was === undefined });
  }
  return rows;
};

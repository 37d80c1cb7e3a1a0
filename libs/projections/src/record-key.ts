import type { AuthorizationKey } from '#capture/stream-name.js';

/** What a record of a view is of. */
export type RecordSubject = AuthorizationKey & Readonly<{ captureId?: string }>;

/**
 * `{merchantAccountId}/{authorizationId}`, and `/{captureId}` where it is of a capture: ids are their
 * senders' own, and unique within a merchant account only. None has a slash in it.
 */
export const recordKey = ({
  merchantAccountId,
  authorizationId,
  captureId,
}: RecordSubject): string =>
  captureId === undefined
    ? `${merchantAccountId}/${authorizationId}`
    : `${merchantAccountId}/${authorizationId}/${captureId}`;

/** What a key that {@link recordKey} made is of; undefined where it made none such. */
export const subjectOf = (key: string): RecordSubject | undefined => {
  const [merchantAccountId, authorizationId, captureId, ...more] = key.split('/');
  if (merchantAccountId === undefined || authorizationId === undefined || more.length > 0)
    return undefined;
  return { merchantAccountId, authorizationId, ...(captureId !== undefined && { captureId }) };
};

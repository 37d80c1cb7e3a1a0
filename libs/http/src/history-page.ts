import type { AuthorizationKey } from '#capture/stream-name.js';
import type { AuthorizationReader } from '#projections/queries.js';
import { jsonResponse } from './http-response.js';
import type { HttpResponse } from './http-response.js';
import type { HttpRequest } from './http-request.js';
import { PAGE_DEFAULT } from './limits.js';
import { unknownThing } from './unknown-thing.js';
import { revisionResponse } from './view-response.js';

type HistoryAsked = Readonly<{
  key: AuthorizationKey;
  query: Readonly<{ from?: number; limit?: number; atRevision?: number }>;
}>;

/**
 * What happened to an authorization, in order, and why. The last page is as of the stream's revision; of
 * the others no entity tag tells anything, since they never change.
 *
 * @throws {Problem} 404: nothing was ever written there.
 */
export const historyPage = async (
  reader: AuthorizationReader,
  request: HttpRequest,
  { key, query: { from = 0, limit = PAGE_DEFAULT, atRevision = Infinity } }: HistoryAsked,
): Promise<HttpResponse> => {
  const page = await reader.history(key, { from, limit });
  if (!page) throw unknownThing('authorization', key.authorizationId);
  const entries = page.entries.filter(({ revision }) => revision <= atRevision);
  const next = page.next !== null && page.next <= atRevision ? page.next : null;
  const value = { ...key, entries, next };
  const last = entries.at(-1);
  return next === null && last
    ? revisionResponse(request, value, last.revision)
    : jsonResponse(200, value);
};

import type { ViewHead } from '#projections/views.js';
import { etagOf, isKnownTo } from './etag.js';
import { jsonResponse } from './http-response.js';
import type { HttpResponse } from './http-response.js';
import type { HttpRequest } from './http-request.js';

/** What a copy of something read must be asked about before it is used again, and whose it is. */
const ABOUT_A_COPY = { 'cache-control': 'private, no-cache', vary: 'x-merchant-account-id' };

/** A view, or 304 where the sender has it as of this revision. */
export const viewResponse = (request: HttpRequest, view: ViewHead): HttpResponse =>
  revisionResponse(request, view, view.ledger.revision);

/** Something that is a function of a stream up to `revision`. */
export const revisionResponse = (
  { headers }: HttpRequest,
  value: unknown,
  revision: number,
): HttpResponse => {
  const etag = etagOf(revision);
  const about = { ...ABOUT_A_COPY, etag };
  return isKnownTo(headers, etag)
    ? { status: 304, headers: about }
    : jsonResponse(200, value, about);
};

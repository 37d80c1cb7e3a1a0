import type { IncomingHttpHeaders } from 'node:http';
import { invalidRequest } from './invalid-request.js';

/** The entity tag of a revision of a stream. */
export const etagOf = (revision: number): string => `"${revision}"`;

/**
 * The revision that the stream must be at; undefined where the sender does not mind.
 *
 * @throws {Problem} 400: it is not one revision in quotes.
 */
export const ifMatchOf = (headers: IncomingHttpHeaders): number | undefined => {
  const sent = headers['if-match'];
  if (sent === undefined) return undefined;
  const [, revision] = /^"(0|[1-9]\d{0,14})"$/.exec(sent) ?? [];
  if (revision === undefined) {
    const message = 'must be one revision in quotes, as an ETag gives it: "3"';
    throw invalidRequest([{ header: 'If-Match', message }]);
  }
  return Number(revision);
};

/** Whether the sender has what this entity tag stands for already. */
export const isKnownTo = (headers: IncomingHttpHeaders, etag: string): boolean => {
  const known = headers['if-none-match'];
  if (known === undefined) return false;
  return known.split(',').some((one) => {
    const tag = one.trim();
    return tag === '*' || tag.replace(/^W\//, '') === etag;
  });
};

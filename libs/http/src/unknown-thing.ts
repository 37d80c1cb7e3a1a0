import { Problem } from './problem.js';

/**
 * There is none, or it is another merchant account's: nobody can tell which.
 *
 * @param atRevision at which the thing was asked for; left out: now.
 */
export const unknownThing = (
  kind: 'authorization' | 'capture',
  id: string,
  atRevision?: number,
): Problem =>
  new Problem({
    status: 404,
    code: `${kind}_unknown`,
    detail: `There is no ${kind} ${id}${atRevision === undefined ? '' : ` at revision ${atRevision}`}.`,
  });

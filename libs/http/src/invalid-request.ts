import { FLAWS_MAX } from './limits.js';
import { Problem } from './problem.js';
import type { RequestFlaw } from './problem.js';

/** A request that can be answered only when it is put right: what is wrong with it, and where. */
export const invalidRequest = (flaws: readonly RequestFlaw[]): Problem =>
  new Problem({
    status: 400,
    code: 'invalid_request',
    detail: 'The request is not valid: see errors.',
    members: { errors: flaws.slice(0, FLAWS_MAX) },
  });

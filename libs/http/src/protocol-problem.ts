import { BODY_BYTES_MAX, HEADER_BYTES_MAX, REQUEST_WITHIN } from './limits.js';
import type { ProblemReport } from './problem.js';

/** What is wrong before anybody looks at what is asked for: by status, since each has one cause here. */
const protocolProblems: ReadonlyMap<number, Omit<ProblemReport, 'status'>> = new Map([
  [404, { code: 'not_found', detail: 'There is nothing at this address.' }],
  [
    408,
    {
      code: 'request_timeout',
      detail: `The request did not come in whole within ${REQUEST_WITHIN} ms.`,
    },
  ],
  [413, { code: 'body_too_large', detail: `A body has at most ${BODY_BYTES_MAX} bytes.` }],
  [
    415,
    {
      code: 'media_type_unsupported',
      detail: 'A body is application/json, and in no content coding.',
      headers: { 'accept-post': 'application/json' },
    },
  ],
  [417, { code: 'expectation_failed', detail: 'Nothing can be expected but 100-continue.' }],
  [
    421,
    {
      code: 'host_not_served',
      detail:
        'Without keys only this machine is served, under the names of its loopback addresses.',
    },
  ],
  [
    431,
    {
      code: 'headers_too_large',
      detail: `The address and the headers have at most ${HEADER_BYTES_MAX} bytes together.`,
    },
  ],
]);

/** The problem of a request that is no good HTTP, or not for us. Any other 4xx is a 400. */
export const protocolProblem = (status: number): ProblemReport => {
  const known = protocolProblems.get(status);
  if (known) return { status, ...known };
  const detail =
    'The request is not well-formed: its line, its headers, its address or its length.';
  return { status: 400, code: 'request_malformed', detail };
};

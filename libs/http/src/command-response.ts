import type { Answer, Decided } from '#commands/answer.js';
import { unreachable } from '#capture/decider.js';
import { etagOf } from './etag.js';
import { jsonResponse } from './http-response.js';
import type { HttpResponse } from './http-response.js';
import { problemResponse, wordsOf } from './problem.js';

/** Seconds after which trouble of one stream may be mended. */
const RETRY_FAILED = '60';

/**
 * The answer of a command over HTTP. Of one that is decided, all but the headers `ledger-repeat` and
 * `ledger-trace-id` is a function of the answer alone: the same status, Location, ETag and bytes on
 * every repeat, for ever.
 *
 * What is accepted is answered with the answer itself. What is not is a problem (RFC 9457) that has the
 * members of the answer among its own, so that a client may read either.
 */
export const commandResponse = (decided: Decided, traceId: string): HttpResponse => {
  const { answer, repeat } = decided;
  const headers = {
    ...(answer.revision !== undefined && { etag: etagOf(answer.revision) }),
    ...(repeat && { 'ledger-repeat': 'true' }),
  };
  switch (answer.outcome) {
    case 'accepted':
      return jsonResponse(decided.created ? 201 : 200, answer, {
        ...headers,
        ...locationOf(decided),
      });
    case 'rejected': {
      const status = answer.reason === 'command_id_reused' ? 409 : 422;
      const code = codeOf(answer);
      return problemResponse({ status, code, detail: refusal(answer), members: answer, headers });
    }
    case 'invalid':
      return problemResponse({
        status: 400,
        code: 'invalid_command',
        detail: 'This is no valid command: see errors. Nothing was decided.',
        members: { ...answer, traceId },
        headers,
      });
    case 'failed':
      return problemResponse({
        status: 503,
        code: codeOf(answer),
        detail: 'Nothing was decided. The same command may be sent again when this is mended.',
        members: { ...answer, traceId },
        headers: { ...headers, 'retry-after': RETRY_FAILED },
      });
    default:
      return unreachable(answer.outcome);
  }
};

const codeOf = ({ outcome, reason }: Answer): string => reason ?? outcome;

/** "CreateCapture was refused: amount exceeds capturable (capturable 3000)." Senders keep it: it never changes. */
const refusal = (answer: Answer): string => {
  const numbers = Object.entries(answer.details ?? {}).map(([name, value]) => `${name} ${value}`);
  const shown = numbers.length > 0 ? ` (${numbers.join(', ')})` : '';
  return `${answer.commandType} was refused: ${wordsOf(codeOf(answer))}${shown}.`;
};

/**
 * Where what was made can be read. A capture's address names its authorization, since another may have a
 * capture of the same id one day; a refund is shown in its capture.
 */
const locationOf = ({ answer, created }: Decided): Readonly<Record<string, string>> => {
  if (created === undefined) return {};
  const { authorizationId, captureId } = answer;
  const location =
    created === 'authorization'
      ? `/v1/authorizations/${authorizationId}`
      : `/v1/captures/${captureId}?authorizationId=${authorizationId}`;
  return { location };
};

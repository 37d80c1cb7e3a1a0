import { HttpException } from '@nestjs/common';
import { PreconditionFailed } from '#commands/precondition-failed.js';
import { UnknownEvent } from '#event-store/event-codec.js';
import { StoreBroken, StoreUnavailable, StreamUnusable } from '#event-store/event-store.js';
import { InvalidCursor, ViewsUnavailable } from '#projections/queries.js';
import { etagOf } from './etag.js';
import { invalidRequest } from './invalid-request.js';
import { Problem } from './problem.js';
import type { ProblemReport } from './problem.js';
import { protocolProblem } from './protocol-problem.js';

/**
 * What a client is told of whatever was thrown. Trouble of ours is 5xx and says nothing of its cause,
 * which is in the log under the trace id; everything else is the request's.
 */
export const problemOf = (error: unknown): ProblemReport => {
  if (error instanceof Problem) return error.report;
  if (error instanceof PreconditionFailed) return preconditionFailed(error);
  if (error instanceof InvalidCursor) {
    return invalidRequest([{ parameter: 'cursor', message: 'must be the next of a page before' }])
      .report;
  }
  if (error instanceof StoreUnavailable && error.why === 'elsewhere') return otherStore;
  if (isOfTheStore(error)) return storeUnavailable;
  if (error instanceof StreamUnusable) return streamUnusable;
  if (error instanceof ViewsUnavailable) return viewsUnavailable;
  const status = statusOf(error);
  return status >= 400 && status < 500 ? protocolProblem(status) : internalError;
};

const preconditionFailed = ({ revision }: PreconditionFailed): ProblemReport => ({
  status: 412,
  code: 'precondition_failed',
  detail:
    revision < 0
      ? 'Nothing was ever written to the authorization. Nothing was decided.'
      : `The authorization is at revision ${revision}. Nothing was decided.`,
  members: { revision },
  ...(revision >= 0 && { headers: { etag: etagOf(revision) } }),
});

/** Also where the process is about to end: the next one will answer. */
const isOfTheStore = (error: unknown): boolean =>
  error instanceof StoreUnavailable ||
  error instanceof StoreBroken ||
  error instanceof UnknownEvent;

const storeUnavailable: ProblemReport = {
  status: 503,
  code: 'store_unavailable',
  detail: 'The event store does not answer now. The same request may be sent again: it is safe.',
  headers: { 'retry-after': '1' },
};

const otherStore: ProblemReport = {
  ...storeUnavailable,
  detail:
    'Commands are decided on another store than this one, which takes none. Somebody has to act.',
  headers: { 'retry-after': '60' },
};

const streamUnusable: ProblemReport = {
  status: 503,
  code: 'stream_unusable',
  detail: 'The history of this one authorization cannot be read. Somebody has to mend it.',
  headers: { 'retry-after': '60' },
};

const viewsUnavailable: ProblemReport = {
  status: 503,
  code: 'view_behind',
  detail: 'The views are being made. The same request may be sent again, a little later.',
  headers: { 'retry-after': '1' },
};

const internalError: ProblemReport = {
  status: 500,
  code: 'internal_error',
  detail: 'Something went wrong here. The log tells more, under the trace id.',
};

/** Errors of Nest, Fastify and Node say a status, each in its own way; 500 where none is said. */
const statusOf = (error: unknown): number => {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
};

import { isLive } from '#capture/authorization.js';
import {
  capturableOf,
  capturedInAll,
  heldOf,
  inJson,
  isClosed,
  limitOf,
  overCapturedOf,
  pendingInAll,
  releasedOf,
  statusOf,
  takesCaptures,
} from '#capture/balances.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { headOf } from './view-head.js';
import type { CaptureNumbers, FinalCapture } from './views.js';

/** What an authorization holds, what may still be captured of it, and whether and why that is over. */
export const finalCaptureOf = (at: AuthorizationAtRevision): FinalCapture => ({
  ...headOf(at, 'final-capture'),
  ...captureNumbersOf(at),
});

export const captureNumbersOf = ({
  document: { state },
  registered,
}: AuthorizationAtRevision): CaptureNumbers => ({
  authorized: registered.amount,
  limit: inJson(limitOf(state)),
  held: inJson(heldOf(state)),
  captured: inJson(capturedInAll(state)),
  pending: inJson(pendingInAll(state)),
  capturable: inJson(capturableOf(state)),
  released: inJson(releasedOf(state)),
  overCaptured: inJson(overCapturedOf(state)),
  takesCaptures: takesCaptures(state),
  closed: isClosed(state),
  finalCaptureId: state.captures.find((one) => one.final && isLive(one))?.captureId ?? null,
  status: statusOf(state, registered),
});

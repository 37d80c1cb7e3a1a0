import { captureById } from '#capture/authorization.js';
import type { Capture } from '#capture/authorization.js';
import {
  capturedOf,
  inJson,
  leftOf,
  nextRefundAmountOf,
  overRefundedOf,
  refundPendingOf,
  refundStateOf,
  refundedOf,
} from '#capture/balances.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { headOf } from './view-head.js';
import type { RefundBalance, RefundNumbers } from './views.js';

/** What of a capture was given back, and what may still be. Undefined where there is no such capture. */
export const refundBalanceOf = (
  at: AuthorizationAtRevision,
  captureId: string,
): RefundBalance | undefined => {
  const capture = captureById(at.document.state, captureId);
  return capture && { ...headOf(at, 'refund-balance'), captureId, ...refundNumbersOf(capture) };
};

export const refundNumbersOf = (capture: Capture): RefundNumbers => ({
  captured: inJson(capturedOf(capture)),
  refunded: inJson(refundedOf(capture)),
  refundPending: inJson(refundPendingOf(capture)),
  chargedBack: 0, // Until there are chargebacks.
  left: inJson(leftOf(capture)),
  nextRefundAmount: inJson(nextRefundAmountOf(capture)),
  overRefunded: inJson(overRefundedOf(capture)),
  state: refundStateOf(capture),
});

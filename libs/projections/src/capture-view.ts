import type { Capture, Refund, RefundStatus } from '#capture/authorization.js';
import { inJson } from '#capture/balances.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { termsOf } from './authorization-view.js';
import type { CaptureDetails, ConnectorSaid } from './capture-details.js';
import { inSequence } from './capture-sequence.js';
import { refundNumbersOf } from './refund-balance.js';
import type { RefundDetails } from './refund-details.js';
import { headOf } from './view-head.js';
import type { CaptureView, ConnectorWords, RefundView, RefundsOfCapture, Sum } from './views.js';

/** Everything known of one capture. Undefined where there is no such capture. */
export const captureOf = (
  at: AuthorizationAtRevision,
  captureId: string,
): CaptureView | undefined => {
  const { state, captures } = at.document;
  const place = state.captures.findIndex((one) => one.captureId === captureId);
  const capture = state.captures[place];
  const details = captures[place];
  if (!capture || !details) return undefined;
  const { created } = details;
  return {
    ...headOf(at, 'capture'),
    ...inSequence(capture),
    ...wordsOf(details.said),
    voidInFlight: capture.voidInFlight,
    error: details.error,
    idempotencyKey: created.idempotencyKey ?? null,
    externalIdentifier: created.externalIdentifier ?? null,
    paymentReference: created.paymentReference ?? null,
    reference: created.reference ?? null,
    referenceOrigin: created.referenceOrigin ?? null,
    cartItems: created.cartItems ?? [],
    installments: created.installments ?? null,
    statementDescriptor: created.statementDescriptor ?? null,
    date: created.date ?? null,
    metadata: created.metadata ?? {},
    createdAt: details.createdAt,
    updatedAt: details.updatedAt,
    capturedAt: capture.status === 'succeeded' ? details.succeededAt : null,
    endedAt: capture.endedAt ?? null,
    authorization: termsOf(at.registered),
    refundBalance: refundNumbersOf(capture),
    refunds: refundsOf(capture, details),
  };
};

const wordsOf = (said: ConnectorSaid): ConnectorWords => ({
  connectorCaptureId: said.connectorCaptureId ?? null,
  connectorReferenceId: said.connectorReferenceId ?? null,
  token: said.token ?? null,
  requestId: said.requestId ?? null,
  isoResponseCode: said.isoResponseCode ?? null,
  rawResponseCode: said.rawResponseCode ?? null,
  rawResponseDescription: said.rawResponseDescription ?? null,
});

const refundsOf = (capture: Capture, details: CaptureDetails): RefundsOfCapture => {
  const { refunds } = capture;
  // The details are those of the last refunds; 0 has to mean none of them, and slice(-0) is all.
  const shown = refunds.slice(refunds.length - details.refunds.length);
  return {
    count: refunds.length,
    totals: {
      requested: totalOf(refunds, 'requested'),
      pending: totalOf(refunds, 'pending'),
      succeeded: totalOf(refunds, 'succeeded'),
      declined: totalOf(refunds, 'declined'),
      failed: totalOf(refunds, 'failed'),
      voided: totalOf(refunds, 'voided'),
    },
    last: details.refunds.flatMap((one, place) => {
      const refund = shown[place];
      return refund ? [refundOf(capture, refund, one)] : [];
    }),
  };
};

const totalOf = (refunds: readonly Refund[], status: RefundStatus): Sum => {
  let total = 0n;
  for (const refund of refunds) if (refund.status === status) total += BigInt(refund.amount);
  return inJson(total);
};

const refundOf = (capture: Capture, refund: Refund, details: RefundDetails): RefundView => ({
  refundId: refund.refundId,
  amount: refund.amount,
  currency: capture.currency,
  status: refund.status,
  purpose: refund.purpose,
  voidInFlight: refund.voidInFlight,
  connectorRefundId: details.connectorRefundId,
  error: details.error,
  idempotencyKey: details.requested.idempotencyKey ?? null,
  reason: details.requested.reason ?? null,
  externalIdentifier: details.requested.externalIdentifier ?? null,
  metadata: details.requested.metadata ?? {},
  createdAt: details.createdAt,
  updatedAt: details.updatedAt,
  refundedAt: refund.status === 'succeeded' ? details.succeededAt : null,
});

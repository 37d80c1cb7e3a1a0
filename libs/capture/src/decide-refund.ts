import { captureById, refundById } from './authorization.js';
import type { Authorization, Capture } from './authorization.js';
import { capturedOf, leftOf, nextRefundAmountOf, standingRefundsOf } from './balances.js';
import type {
  ForwardStuckRefund,
  RefundCapture,
  SetNextRefundAmount,
  VoidRefund,
} from './commands.js';
import { unknownCapture } from './decide-capture.js';
import { unreachable } from './decider.js';
import { accept, present, reject } from './decision.js';
import type { AuthorizationDecision } from './decision.js';
import { sameRefundTerms } from './terms.js';

export const refundCapture = (
  command: RefundCapture,
  state: Authorization,
): AuthorizationDecision => {
  const capture =
    command.captureId === undefined
      ? captureToRefund(state, command.amount)
      : captureById(state, command.captureId);
  if (!capture) return unknownCapture(state);
  const existing = refundById(state, command.refundId);
  if (existing) {
    if (sameRefundTerms(command, existing.capture, existing.refund)) return accept();
    const { captureId } = existing.capture;
    const { amount } = existing.refund;
    return reject('refund_exists_with_different_terms', { captureId, amount });
  }
  const amount = command.amount ?? Number(nextRefundAmountOf(capture));
  const refusal = refusalOfRefund(capture, amount);
  if (refusal) return refusal;
  const { captureId, currency } = capture;
  const { refundId, idempotencyKey, reason, externalIdentifier, metadata } = command;
  const said = { idempotencyKey, reason, externalIdentifier, metadata };
  const data = { captureId, refundId, amount, currency, purpose: 'refund', ...said } as const;
  return accept({ type: 'RefundRequested', data: present(data) });
};

/**
 * The capture that a refund without a capture id is of: the first in sequence that can bear all of it.
 * Where none can, the one whose refusal says most: a succeeded one with the most left, else one with a
 * void in flight, else the first.
 */
const captureToRefund = (
  { captures }: Authorization,
  amount: number | undefined,
): Capture | undefined => {
  const succeeded = captures.filter(({ status }) => status === 'succeeded');
  const open = succeeded.filter(({ voidInFlight }) => !voidInFlight);
  const bearing = open.find((capture) => leftOf(capture) >= BigInt(amount ?? 1));
  if (bearing) return bearing;
  const [first, ...others] = open;
  if (!first)
    return succeeded[0] ?? captures.find(({ status }) => status !== 'canceled') ?? captures[0];
  return others.reduce((most, one) => (leftOf(one) > leftOf(most) ? one : most), first);
};

/** What stands in the way of a refund asked of a capture, in the order of the table of refusals. */
const refusalOfRefund = (capture: Capture, amount: number): AuthorizationDecision | undefined => {
  const { status, voidInFlight } = capture;
  if (status === 'canceled') return reject('capture_canceled');
  if (voidInFlight) return reject('cancel_in_flight');
  if (status !== 'succeeded') return reject('capture_not_succeeded', { status });
  const left = leftOf(capture);
  if (amount > 0 && amount <= left) return undefined;
  const captured = capturedOf(capture);
  const refunds = standingRefundsOf(capture);
  return reject('amount_exceeds_refund_balance', { amount, left, captured, refunds });
};

export const setNextRefundAmount = (
  { captureId, amount }: SetNextRefundAmount,
  state: Authorization,
): AuthorizationDecision => {
  const capture = captureById(state, captureId);
  if (!capture) return unknownCapture(state);
  const refusal = refusalOfRefund(capture, amount);
  if (refusal) return refusal;
  if (capture.nextRefundAmount === amount) return accept();
  return accept({ type: 'NextRefundAmountSet', data: { captureId, amount } });
};

export const voidRefund = (
  { captureId, refundId }: VoidRefund,
  state: Authorization,
): AuthorizationDecision => {
  const capture = captureById(state, captureId);
  if (!capture) return unknownCapture(state);
  const refund = capture.refunds.find((one) => one.refundId === refundId);
  if (!refund) return reject('refund_unknown');
  const { status, voidInFlight } = refund;
  if (status === 'voided' || voidInFlight) return accept();
  if (status !== 'requested' && status !== 'pending') {
    return reject('refund_not_voidable', { status });
  }
  return accept({ type: 'RefundVoidRequested', data: { captureId, refundId } });
};

export const forwardStuckRefund = (
  { captureId, refundId }: ForwardStuckRefund,
  state: Authorization,
): AuthorizationDecision => {
  const capture = captureById(state, captureId);
  if (!capture) return unknownCapture(state);
  const refund = capture.refunds.find((one) => one.refundId === refundId);
  if (!refund) return reject('refund_unknown');
  const forwarded = accept({ type: 'RefundForwarded', data: { captureId, refundId } });
  const { status, amount } = refund;
  switch (status) {
    case 'pending':
      return forwarded;
    case 'succeeded':
      return accept();
    case 'declined':
    case 'failed':
      return refusalOfRefund(capture, amount) ?? forwarded;
    case 'requested':
    case 'voided':
      return reject('refund_not_stuck', { status });
    default:
      return unreachable(status);
  }
};

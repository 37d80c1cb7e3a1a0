import { captureById, isLive, isStanding, refundById } from './authorization.js';
import type { Authorization, Capture, Registered } from './authorization.js';
import {
  capturableOf,
  heldOf,
  leftOf,
  limitOf,
  maxLiveCaptures,
  standingRefundsOf,
} from './balances.js';
import { payloadOf } from './commands.js';
import type { CancelCapture, CreateCapture, ForwardStuckCapture } from './commands.js';
import { refusalOfStanding } from './decide-authorization.js';
import { unreachable } from './decider.js';
import { accept, present, reject } from './decision.js';
import type { AuthorizationDecision } from './decision.js';
import { sameCaptureTerms } from './terms.js';

export const createCapture = (
  command: CreateCapture,
  state: Authorization,
): AuthorizationDecision => {
  const { registered } = state;
  if (!registered) return reject('authorization_unknown');
  const existing = captureById(state, command.captureId);
  if (existing) {
    if (sameCaptureTerms(command, existing)) return accept();
    const { amount, currency, final } = existing;
    return reject('capture_exists_with_different_terms', { amount, currency, final });
  }
  const refusal = refusalOfCapture(command, state, registered);
  if (refusal) return refusal;
  const capturable = capturableOf(state);
  const amount = command.amount ?? Number(capturable);
  if (amount === 0 || amount > capturable) {
    const details = { amount, capturable, held: heldOf(state), limit: limitOf(state) };
    return reject('amount_exceeds_capturable', details);
  }
  return accept({ type: 'CaptureCreated', data: newCapture(command, amount, state, registered) });
};

/** All that stands in the way of a new capture but its amount, in the order of the table of refusals. */
const refusalOfCapture = (
  { currency, final }: CreateCapture,
  state: Authorization,
  registered: Registered,
): AuthorizationDecision | undefined => {
  const { currency: authorized, captureMethod } = registered.terms;
  if (currency !== undefined && currency !== authorized) {
    return reject('currency_differs', { currency, authorized });
  }
  const standing = refusalOfStanding(state, registered);
  if (standing) return standing;
  if (captureMethod === 'automatic') return reject('capture_method_automatic');
  const live = state.captures.filter(isLive);
  if (captureMethod === 'manual' && (final === false || live.length > 0)) {
    return reject('multiple_captures_not_enabled', { captureMethod });
  }
  const finalOne = live.find((capture) => capture.final);
  if (finalOne) return reject('final_capture_exists', { finalCaptureId: finalOne.captureId });
  const maxCaptures = maxLiveCaptures(registered);
  if (live.length >= maxCaptures) {
    return reject('too_many_captures', { captures: live.length, maxCaptures });
  }
  return undefined;
};

const newCapture = (
  command: CreateCapture,
  amount: number,
  { captures }: Authorization,
  { terms }: Registered,
) => {
  const { type, ...said } = payloadOf(command);
  return present({
    ...said,
    amount,
    currency: terms.currency,
    final: command.final ?? terms.captureMethod === 'manual',
    // It counts every capture ever made, so one that fails leaves no gap behind it.
    sequence: captures.length + 1,
  });
};

export const forwardStuckCapture = (
  { captureId, reason, evidence }: ForwardStuckCapture,
  state: Authorization,
): AuthorizationDecision => {
  const capture = captureById(state, captureId);
  if (!capture) return unknownCapture(state);
  const forwarded = accept({
    type: 'CaptureForwarded',
    data: present({ captureId, reason, evidence }),
  });
  switch (capture.status) {
    case 'requested':
      return reject('capture_not_stuck', { status: capture.status });
    case 'pending':
      return forwarded;
    case 'succeeded':
      return accept();
    case 'declined':
    case 'failed': {
      const { amount } = capture;
      const capturable = capturableOf(state);
      if (amount <= capturable) return forwarded;
      const details = { amount, capturable, held: heldOf(state), limit: limitOf(state) };
      return reject('amount_exceeds_capturable', details);
    }
    case 'canceled':
      return reject('capture_canceled');
    default:
      return unreachable(capture.status);
  }
};

export const cancelCapture = (
  command: CancelCapture,
  state: Authorization,
): AuthorizationDecision => {
  const capture = captureById(state, command.captureId);
  if (!capture) return unknownCapture(state);
  const { status, voidInFlight } = capture;
  if (status === 'canceled') return accept();
  if (status === 'declined' || status === 'failed') {
    return reject('capture_not_cancelable', { status });
  }
  const byVoid = command.mode === 'void' || (command.mode === 'auto' && status !== 'succeeded');
  if (byVoid && status === 'succeeded' && capture.refunds.some(isStanding)) {
    return reject('capture_not_cancelable', { status, refunds: standingRefundsOf(capture) });
  }
  if (voidInFlight) return reject('cancel_in_flight');
  if (byVoid) {
    const { captureId, reason } = command;
    return accept({ type: 'CaptureCancelRequested', data: present({ captureId, reason }) });
  }
  return status === 'succeeded'
    ? refundOfWhatIsLeft(command, capture, state)
    : reject('capture_not_succeeded', { status });
};

const refundOfWhatIsLeft = (
  { captureId, refundId, reason }: CancelCapture,
  capture: Capture,
  state: Authorization,
): AuthorizationDecision => {
  const left = leftOf(capture);
  if (left === 0n) return accept();
  // Its id is derived from the command's; a sender may have given that very id to a refund before.
  const existing = refundById(state, refundId);
  if (existing) {
    const { captureId: of } = existing.capture;
    const details = { captureId: of, refundId, amount: existing.refund.amount };
    return reject('refund_exists_with_different_terms', details);
  }
  const { currency } = capture;
  const amount = Number(left);
  const data = { captureId, refundId, amount, currency, purpose: 'cancel', reason } as const;
  return accept({ type: 'RefundRequested', data: present(data) });
};

/** Of a command that names a capture which is not there. */
export const unknownCapture = ({ registered, captures }: Authorization): AuthorizationDecision =>
  reject(registered || captures.length > 0 ? 'capture_unknown' : 'authorization_unknown');

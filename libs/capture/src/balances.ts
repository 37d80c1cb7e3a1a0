// What follows from the state: derived, never stored (domain.md, invariants 1, 3, 5, 6 and 10).
//
// Sums are bigint: commands keep them within 2^53 - 1, but a fact is recorded whatever it does to
// them, and several late successes together may pass that bound.
import { isLive, isStanding } from './authorization.js';
import type { Authorization, Capture, Refund, Registered } from './authorization.js';
import type { Amount } from './values.js';

/** How many live captures a `manual_multiple` authorization takes where it does not say. */
export const DEFAULT_MAX_CAPTURES = 50;

const GREATEST_AMOUNT = BigInt(Number.MAX_SAFE_INTEGER);

/** The most that commands may hold: the amount, or with over-capture the larger of its two bounds. */
export const limitOf = ({ registered }: Authorization): bigint =>
  registered ? limitAt(registered, registered.amount) : 0n;

/** What the limit would be with another authorized amount. */
export const limitAt = ({ terms }: Registered, amount: Amount): bigint => {
  const authorized = BigInt(amount);
  const { overCapture } = terms;
  if (!overCapture) return authorized;
  const byAmount = authorized + BigInt(overCapture.amount ?? 0);
  const byPercentage = (authorized * BigInt(100 + (overCapture.percentage ?? 0))) / 100n;
  return least(greatest(byAmount, byPercentage), GREATEST_AMOUNT);
};

export const heldOf = ({ captures }: Authorization): bigint => sumOf(captures.filter(isLive));

/** What facts alone have taken beyond the limit. */
export const overCapturedOf = (state: Authorization): bigint =>
  greatest(0n, heldOf(state) - limitOf(state));

export const capturedInAll = ({ captures }: Authorization): bigint =>
  sumOf(captures.filter(({ status }) => status === 'succeeded'));

/** Requested or pending: what may still succeed. */
export const pendingInAll = ({ captures }: Authorization): bigint =>
  sumOf(captures.filter(({ status }) => status === 'requested' || status === 'pending'));

/** A final capture stands succeeded, or the succeeded captures reach the limit. No event says so. */
export const isClosed = (state: Authorization): boolean =>
  state.registered !== undefined &&
  (state.captures.some(({ final, status }) => final && status === 'succeeded') ||
    capturedInAll(state) >= limitOf(state));

/** How many live captures there may be at once. */
export const maxLiveCaptures = ({ terms }: Registered): number =>
  terms.captureMethod === 'manual_multiple' ? (terms.maxCaptures ?? DEFAULT_MAX_CAPTURES) : 1;

export const takesCaptures = (state: Authorization): boolean => {
  const { registered, captures } = state;
  if (!registered || registered.standing !== 'open') return false;
  if (registered.terms.captureMethod === 'automatic' || isClosed(state)) return false;
  const live = captures.filter(isLive);
  return !live.some(({ final }) => final) && live.length < maxLiveCaptures(registered);
};

/** The most that a new capture may ask for. */
export const capturableOf = (state: Authorization): bigint =>
  takesCaptures(state) ? greatest(0n, limitOf(state) - heldOf(state)) : 0n;

/** Neither held nor capturable: given back, or set aside while a final capture is in flight. */
export const releasedOf = (state: Authorization): bigint =>
  greatest(0n, limitOf(state) - heldOf(state)) - capturableOf(state);

/** Where an authorization stands as a whole: the first of these that holds. */
export type AuthorizationStatus =
  | 'succeeded'
  | 'partially_captured_and_capturable'
  | 'processing'
  | 'partially_captured'
  | 'voided'
  | 'expired'
  | 'failed'
  | 'requires_capture';

export const statusOf = (state: Authorization, registered: Registered): AuthorizationStatus => {
  const { captures } = state;
  const captured = capturedInAll(state);
  const automatic = registered.terms.captureMethod === 'automatic';
  const canceled = automatic && captures.some(({ status }) => status === 'canceled');
  if (captured >= BigInt(registered.amount)) return 'succeeded';
  if (captured > 0n && capturableOf(state) > 0n) return 'partially_captured_and_capturable';
  if (pendingInAll(state) > 0n) return 'processing';
  if (captured > 0n) return 'partially_captured';
  if (registered.standing === 'voided' || canceled) return 'voided';
  if (registered.standing === 'expired') return 'expired';
  return automatic ? 'failed' : 'requires_capture';
};

export const capturedOf = ({ status, amount }: Capture): bigint =>
  status === 'succeeded' ? BigInt(amount) : 0n;

/** What refunds have taken, or may yet take, of a capture. */
export const standingRefundsOf = ({ refunds }: Capture): bigint =>
  sumOf(refunds.filter(isStanding));

export const refundedOf = ({ refunds }: Capture): bigint =>
  sumOf(refunds.filter(({ status }) => status === 'succeeded'));

export const refundPendingOf = (capture: Capture): bigint =>
  standingRefundsOf(capture) - refundedOf(capture);

/** What may still be refunded of a capture. */
export const leftOf = (capture: Capture): bigint =>
  greatest(0n, capturedOf(capture) - standingRefundsOf(capture));

/** What facts alone have given back beyond what was captured. */
export const overRefundedOf = (capture: Capture): bigint =>
  greatest(0n, standingRefundsOf(capture) - capturedOf(capture));

/** What a refund without an amount takes: what someone has set, at most what is left. */
export const nextRefundAmountOf = (capture: Capture): bigint => {
  const left = leftOf(capture);
  return capture.nextRefundAmount === undefined
    ? left
    : least(BigInt(capture.nextRefundAmount), left);
};

export type RefundState = 'none' | 'partial' | 'full';

/** By succeeded refunds; full when they reach what was captured. */
export const refundStateOf = (capture: Capture): RefundState => {
  const refunded = refundedOf(capture);
  if (refunded === 0n) return 'none';
  return refunded >= BigInt(capture.amount) ? 'full' : 'partial';
};

/**
 * A sum for JSON: a number up to 2^53 - 1, and the digits as text beyond (only facts get there), since
 * a reader of JSON would round it.
 */
export const inJson = (sum: bigint): number | string =>
  sum <= GREATEST_AMOUNT ? Number(sum) : String(sum);

const sumOf = (movements: readonly (Capture | Refund)[]): bigint => {
  let sum = 0n;
  for (const { amount } of movements) sum += BigInt(amount);
  return sum;
};

const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

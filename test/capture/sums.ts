// The domain's sums once more, from their words in the plan and from nothing of balances.ts.
import type { Authorization, Capture } from '#capture/authorization.js';

const LIVE = new Set(['requested', 'pending', 'succeeded']);

const sumOf = (movements: readonly Readonly<{ amount: number }>[]): bigint =>
  movements.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
const atLeastNone = (sum: bigint): bigint => (sum > 0n ? sum : 0n);

export const liveIn = ({ captures }: Authorization): readonly Capture[] =>
  captures.filter(({ status }) => LIVE.has(status));
export const inFlight = ({ captures }: Authorization): readonly Capture[] =>
  captures.filter(({ status }) => status === 'requested' || status === 'pending');

export const held = (state: Authorization): bigint => sumOf(liveIn(state));

export const limit = ({ registered }: Authorization): bigint => {
  if (!registered) return 0n;
  const { amount = 0, percentage = 0 } = registered.terms.overCapture ?? {};
  const authorized = BigInt(registered.amount);
  const [least = 0n, most = 0n] = [
    authorized + BigInt(amount),
    authorized + (authorized * BigInt(percentage)) / 100n,
  ].toSorted((a, b) => (a < b ? -1 : 1));
  return least > most || most > 2n ** 53n - 1n ? 2n ** 53n - 1n : most;
};

/** How many live captures an authorization takes. */
export const room = ({ registered }: Authorization): number =>
  registered?.terms.captureMethod === 'manual_multiple' ? (registered.terms.maxCaptures ?? 50) : 1;

export const takesCaptures = (state: Authorization): boolean => {
  const { registered, captures } = state;
  if (registered?.standing !== 'open' || registered.terms.captureMethod === 'automatic')
    return false;
  const taken = captures.filter(({ status }) => status === 'succeeded');
  const closed = taken.some(({ final }) => final) || sumOf(taken) >= limit(state);
  const live = liveIn(state);
  return !closed && !live.some(({ final }) => final) && live.length < room(state);
};

export const capturable = (state: Authorization): bigint =>
  takesCaptures(state) ? atLeastNone(limit(state) - held(state)) : 0n;

export const overCaptured = (state: Authorization): bigint =>
  atLeastNone(held(state) - limit(state));

const balance = ({ status, amount, refunds }: Capture): bigint =>
  (status === 'succeeded' ? BigInt(amount) : 0n) -
  sumOf(refunds.filter((refund) => LIVE.has(refund.status)));

export const left = (capture: Capture): bigint => atLeastNone(balance(capture));
export const overRefunded = (capture: Capture): bigint => atLeastNone(-balance(capture));

// The invariants of the plan (domain.md) that are of each capture and its refunds, by their numbers.
import type { Authorization, Capture } from '#capture/authorization.js';
import * as balances from '#capture/balances.js';
import { isFact } from '#capture/commands.js';
import type { AuthorizationEvent, RefundForwarded, RefundRequested } from '#capture/events.js';
import { everyCapture, everyChange, leaves, noneNegative } from './every.js';
import type { Invariant } from './every.js';
import * as sums from './sums.js';

export const captureInvariants: Readonly<Record<string, Invariant>> = {
  '6: a command refunds a succeeded capture with no void in flight, at most what is left': (step) =>
    step.events.every(({ type, data }) => {
      if (type !== 'RefundRequested' && type !== 'RefundForwarded') return true;
      const capture = captureOf(step.before, data.captureId);
      const refund = capture.refunds.find(({ refundId }) => refundId === data.refundId);
      if (type === 'RefundForwarded' && refund?.status === 'pending') return true;
      const amount = type === 'RefundRequested' ? data.amount : (refund?.amount ?? 0);
      const refundable = capture.status === 'succeeded' && !capture.voidInFlight;
      return refundable && BigInt(amount) <= sums.left(capture);
    }),

  '6: no command makes the over-refunded more': everyChange(
    (is, was, { command }) => isFact(command) || sums.overRefunded(is) <= sums.overRefunded(was),
  ),

  '6: what a fact over-refunds has its anomaly beside it, each time it grows': (step) =>
    leaves(step.events, 'over_refunded') ===
    !everyChange((is, was) => sums.overRefunded(is) <= sums.overRefunded(was))(step),

  '6: the next refund amount is at most what is left': everyCapture(
    (capture) => balances.nextRefundAmountOf(capture) <= sums.left(capture),
  ),

  '6: any refund asked for clears the next refund amount': ({ before, after, events }) =>
    events.every(
      (event) =>
        !asksForRefund(event, before) ||
        balances.nextRefundAmountOf(captureOf(after, event.data.captureId)) ===
          sums.left(captureOf(after, event.data.captureId)),
    ),

  '6: a refund keeps its id, its amount and its capture, and no other has that id': (step) => {
    const kept = everyChange((is, was) =>
      was.refunds.every(({ refundId, amount }, index) => {
        const refund = is.refunds[index];
        return refund?.refundId === refundId && refund.amount === amount;
      }),
    );
    const ids = step.after.captures.flatMap(({ refunds }) => refunds.map((one) => one.refundId));
    return kept(step) && new Set(ids).size === ids.length;
  },

  '7: a void is in flight of a live capture only': everyCapture(
    ({ status, voidInFlight }) =>
      !voidInFlight || status === 'requested' || status === 'pending' || status === 'succeeded',
  ),

  '7: while one is, no other is asked for, nothing refunded, no next amount set': (step) =>
    step.events.every(({ type, data }) => {
      const asks = type === 'RefundRequested' || type === 'NextRefundAmountSet';
      if (!asks && type !== 'CaptureCancelRequested') return true;
      return !captureOf(step.before, data.captureId).voidInFlight;
    }),

  '7: it begins when it is asked for': everyChange(
    (is, was, { events: [event] }) =>
      was.voidInFlight || !is.voidInFlight || event?.type === 'CaptureCancelRequested',
  ),

  '7: it ends with its outcome or with its capture, and with nothing else': everyChange(
    (is, was, { events: [event] }) =>
      !was.voidInFlight || is.voidInFlight || (event !== undefined && endsVoid(event)),
  ),

  '7: an outcome that is not an earlier one told again leaves none in flight': everyChange(
    (is, { lastUndoneAt }, { command }) => {
      if (command.type !== 'RecordCancelOutcome' || command.captureId !== is.captureId) return true;
      const { outcome, occurredAt } = command;
      const isNew = lastUndoneAt === undefined || occurredAt > lastUndoneAt;
      return !is.voidInFlight || (outcome === 'succeeded' && !isNew);
    },
  ),

  '10: captured + over-refunded = left + refunds, none negative': everyCapture((capture) => {
    const [captured, left] = [balances.capturedOf(capture), balances.leftOf(capture)];
    const over = balances.overRefundedOf(capture);
    const refunds = balances.standingRefundsOf(capture);
    return captured + over === left + refunds && noneNegative(captured, left, over, refunds);
  }),

  '10: left and over-refunded are what the plan says': everyCapture(
    (capture) =>
      balances.leftOf(capture) === sums.left(capture) &&
      balances.overRefundedOf(capture) === sums.overRefunded(capture),
  ),

  '11: a refund has the currency of its capture': ({ after, events }) =>
    events.every(
      ({ type, data }) =>
        type !== 'RefundRequested' || data.currency === captureOf(after, data.captureId).currency,
    ),
};

const ends = new Set<AuthorizationEvent['type']>([
  'CaptureCanceled',
  'CaptureCancelFailed',
  'CaptureDeclined',
  'CaptureFailed',
  'CaptureReversed',
]);

/** An undoing ends it also where a later success is known, so that it changes nothing else. */
const endsVoid = ({ type, data }: AuthorizationEvent): boolean => {
  if (ends.has(type)) return true;
  if (type !== 'CommandHadNoEffect' && type !== 'CaptureAnomalyDetected') return false;
  const { fact } = data;
  if (fact?.type === 'RecordCancelOutcome') return fact.outcome === 'succeeded';
  return fact?.type === 'RecordCaptureOutcome' && fact.outcome === 'reversed';
};

/** Also by a forward, of one that had come to nothing. */
const asksForRefund = (
  event: AuthorizationEvent,
  before: Authorization,
): event is RefundRequested | RefundForwarded => {
  if (event.type !== 'RefundForwarded') return event.type === 'RefundRequested';
  const { captureId, refundId } = event.data;
  const { refunds } = captureOf(before, captureId);
  return refunds.some((one) => one.refundId === refundId && one.status !== 'pending');
};

const captureOf = ({ captures }: Authorization, captureId: string): Capture => {
  const capture = captures.find((one) => one.captureId === captureId);
  if (!capture) throw new Error(`no capture ${captureId} was ever created`);
  return capture;
};

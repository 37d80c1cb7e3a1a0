import { captureById, connectorEventById, isLive, isStanding } from './authorization.js';
import type { Authorization, Capture, Refund } from './authorization.js';
import { capturableOf, leftOf, overCapturedOf, overRefundedOf } from './balances.js';
import { payloadOf } from './commands.js';
import type {
  Fact,
  RecordCancelOutcome,
  RecordCaptureOutcome,
  RecordRefundOutcome,
} from './commands.js';
import { unreachable } from './decider.js';
import { accept } from './decision.js';
import type { AuthorizationDecision } from './decision.js';
import type { AnomalyKind, AuthorizationEvent } from './events.js';
import { evolve } from './evolve.js';
import { connectorEventOf, toldBy, wholeOf } from './facts.js';
import { verdictOn } from './transitions.js';

/**
 * What a fact leaves. It is never refused: what cannot be placed, contradicts what is known, or takes
 * more than there was, is recorded as an anomaly for someone to look at.
 */
export const recordFact = (fact: Fact, state: Authorization): AuthorizationDecision => {
  const capture = captureById(state, fact.captureId);
  if (!capture) return accept(...unplaced('unknown_capture', fact, state));
  if (fact.type !== 'RecordRefundOutcome') return recordOf(fact, capture, capture, state);
  const refund = capture.refunds.find(({ refundId }) => refundId === fact.refundId);
  if (!refund) return accept(...unplaced('unknown_refund', fact, state));
  return recordOf(fact, capture, refund, state);
};

const recordOf = (
  fact: Fact,
  capture: Capture,
  subject: Capture | Refund,
  state: Authorization,
): AuthorizationDecision => {
  const event = connectorEventOf(payloadOf(fact));
  const known = event && connectorEventById(capture, event.connectorEventId);
  if (known) {
    const same = known.contents === event.contents;
    return same ? accept() : accept(anomaly('conflicting_duplicate', fact));
  }
  const verdict = verdictOn(subject, toldBy(payloadOf(fact)), fact.occurredAt);
  const events: AuthorizationEvent[] = [];
  if (verdict === 'event') events.push(eventOf(fact));
  if (verdict === 'anomaly') events.push(anomaly('contradictory_outcome', fact));
  if (verdict === 'event' && isLateSuccess(fact, capture, state)) {
    events.push(anomaly('late_success', fact));
  }
  const said = fact.type === 'RecordCaptureOutcome' ? fact.amount : undefined;
  if (said !== undefined && said !== capture.amount) {
    events.push(anomaly('amount_mismatch', fact));
  }
  return accept(...events, ...overshoot(fact, events, state));
};

/** A success after the end that comes too late to be taken for granted: somebody must decide about it. */
const isLateSuccess = (fact: Fact, capture: Capture, state: Authorization): boolean => {
  if (toldBy(payloadOf(fact)) !== 'succeeded') return false;
  if (fact.type !== 'RecordRefundOutcome') {
    if (isLive(capture)) return false;
    return capture.status === 'canceled' || capture.amount > capturableOf(state);
  }
  const refund = capture.refunds.find(({ refundId }) => refundId === fact.refundId);
  if (!refund || isStanding(refund)) return false;
  return refund.status === 'voided' || refund.amount > leftOf(capture);
};

/** What only facts may take beyond a bound, where this one made it more. */
const overshoot = (
  fact: Fact,
  events: readonly AuthorizationEvent[],
  before: Authorization,
): AuthorizationEvent[] => {
  if (events.length === 0) return [];
  let after = before;
  for (const event of events) after = evolve(after, event);
  const anomalies: AuthorizationEvent[] = [];
  if (overCapturedOf(after) > overCapturedOf(before))
    anomalies.push(anomaly('over_captured', fact));
  if (overRefunded(after, fact) > overRefunded(before, fact)) {
    anomalies.push(anomaly('over_refunded', fact));
  }
  return anomalies;
};

const overRefunded = (state: Authorization, { captureId }: Fact): bigint => {
  const capture = captureById(state, captureId);
  return capture ? overRefundedOf(capture) : 0n;
};

/** A fact about what is not there. The same told again leaves no event. */
const unplaced = (
  kind: 'unknown_capture' | 'unknown_refund',
  fact: Fact,
  state: Authorization,
): AuthorizationEvent[] =>
  state.unplaced.includes(wholeOf(payloadOf(fact))) ? [] : [anomaly(kind, fact)];

const anomaly = (kind: AnomalyKind, fact: Fact): AuthorizationEvent => ({
  type: 'CaptureAnomalyDetected',
  data: {
    kind,
    captureId: fact.captureId,
    ...(fact.type === 'RecordRefundOutcome' ? { refundId: fact.refundId } : {}),
    fact: payloadOf(fact),
  },
});

const eventOf = (fact: Fact): AuthorizationEvent => {
  switch (fact.type) {
    case 'RecordCaptureOutcome':
      return captureEvent(fact);
    case 'RecordCancelOutcome':
      return cancelEvent(fact);
    case 'RecordRefundOutcome':
      return refundEvent(fact);
    default:
      return unreachable(fact);
  }
};

const captureEvent = (fact: RecordCaptureOutcome): AuthorizationEvent => {
  const { type: _, outcome, ...data } = payloadOf(fact);
  switch (outcome) {
    case 'pending':
    case 'uncertain':
      return { type: 'CapturePending', data: { ...data, uncertain: outcome === 'uncertain' } };
    case 'succeeded':
      return { type: 'CaptureSucceeded', data };
    case 'declined':
      return { type: 'CaptureDeclined', data };
    case 'failed':
      return { type: 'CaptureFailed', data };
    case 'reversed':
      return { type: 'CaptureReversed', data };
    default:
      return unreachable(outcome);
  }
};

const cancelEvent = (fact: RecordCancelOutcome): AuthorizationEvent => {
  const { type: _, outcome, ...data } = payloadOf(fact);
  return { type: outcome === 'succeeded' ? 'CaptureCanceled' : 'CaptureCancelFailed', data };
};

const refundEvent = (fact: RecordRefundOutcome): AuthorizationEvent => {
  const { type: _, outcome, ...data } = payloadOf(fact);
  switch (outcome) {
    case 'pending':
      return { type: 'RefundPending', data };
    case 'succeeded':
      return { type: 'RefundSucceeded', data };
    case 'declined':
      return { type: 'RefundDeclined', data };
    case 'failed':
      return { type: 'RefundFailed', data };
    case 'voided':
      return { type: 'RefundVoided', data };
    case 'reversed':
      return { type: 'RefundReversed', data };
    default:
      return unreachable(outcome);
  }
};

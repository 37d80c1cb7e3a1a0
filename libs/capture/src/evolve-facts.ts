import { captureById, connectorEventById, withCapture, withRefund } from './authorization.js';
import type {
  Authorization,
  Capture,
  CaptureStatus,
  ConnectorEvent,
  RefundStatus,
} from './authorization.js';
import { unreachable } from './decider.js';
import type {
  CaptureAnomalyDetected,
  CaptureCanceled,
  CaptureCancelFailed,
  CaptureDeclined,
  CaptureFailed,
  CapturePending,
  CaptureReversed,
  CaptureSucceeded,
  FactTold,
  RefundDeclined,
  RefundFailed,
  RefundPending,
  RefundReversed,
  RefundSucceeded,
  RefundVoided,
} from './events.js';
import { captureContents, connectorEventOf, refundContents, toldBy, wholeOf } from './facts.js';
import { withWord } from './transitions.js';
import type { Told } from './transitions.js';

export type CaptureFactEvent =
  | CapturePending
  | CaptureSucceeded
  | CaptureDeclined
  | CaptureFailed
  | CaptureReversed
  | CaptureCanceled
  | CaptureCancelFailed;

export type RefundFactEvent =
  RefundPending | RefundSucceeded | RefundDeclined | RefundFailed | RefundVoided | RefundReversed;

/** What an event of a fact makes of a capture; `status` undefined leaves it (a void that failed). */
const captureFacts: Readonly<
  Record<CaptureFactEvent['type'], { told: Told; status: CaptureStatus | undefined }>
> = {
  CapturePending: { told: 'pending', status: 'pending' },
  CaptureSucceeded: { told: 'succeeded', status: 'succeeded' },
  CaptureDeclined: { told: 'declined', status: 'declined' },
  CaptureFailed: { told: 'failed', status: 'failed' },
  CaptureReversed: { told: 'reversed', status: 'failed' },
  CaptureCanceled: { told: 'undone', status: 'canceled' },
  CaptureCancelFailed: { told: 'undo_failed', status: undefined },
};

const refundFacts: Readonly<
  Record<RefundFactEvent['type'], { told: Told; status: RefundStatus; outcome: string }>
> = {
  RefundPending: { told: 'pending', status: 'pending', outcome: 'pending' },
  RefundSucceeded: { told: 'succeeded', status: 'succeeded', outcome: 'succeeded' },
  RefundDeclined: { told: 'declined', status: 'declined', outcome: 'declined' },
  RefundFailed: { told: 'failed', status: 'failed', outcome: 'failed' },
  RefundVoided: { told: 'undone', status: 'voided', outcome: 'voided' },
  RefundReversed: { told: 'reversed', status: 'failed', outcome: 'reversed' },
};

/** A void in flight is over with its own outcome, or when what it would undo has come to nothing. */
const endsVoid = (told: Told): boolean =>
  told !== 'pending' && told !== 'uncertain' && told !== 'succeeded';

const isEnd = (status: CaptureStatus | RefundStatus): boolean =>
  status === 'declined' || status === 'failed' || status === 'canceled' || status === 'voided';

export const afterCaptureFact = (state: Authorization, event: CaptureFactEvent): Authorization => {
  const { captureId, occurredAt } = event.data;
  const { told, status } = captureFacts[event.type];
  const uncertain = event.type === 'CapturePending' && event.data.uncertain;
  return withCapture(state, captureId, (capture) => {
    const now = withWord(capture, told, occurredAt);
    const voidInFlight = capture.voidInFlight && !endsVoid(told);
    if (status === undefined) return { ...now, voidInFlight };
    const endedAt = isEnd(status) ? occurredAt : undefined;
    const known = remembering(now, connectorEventIn(event, uncertain));
    return { ...now, status, uncertain, voidInFlight, endedAt, told: known };
  });
};

export const afterRefundFact = (state: Authorization, event: RefundFactEvent): Authorization => {
  const { refundId, occurredAt, connectorEventId } = event.data;
  const { told, status, outcome } = refundFacts[event.type];
  const placed = withRefund(state, event.data, (refund) => ({
    ...withWord(refund, told, occurredAt),
    status,
    voidInFlight: refund.voidInFlight && !endsVoid(told),
    endedAt: isEnd(status) ? occurredAt : undefined,
  }));
  if (connectorEventId === undefined) return placed;
  const contents = refundContents(refundId, outcome);
  return withCapture(placed, event.data.captureId, (capture) => ({
    told: remembering(capture, { connectorEventId, contents }),
  }));
};

/** An anomaly changes nothing but what we remember of having been told. */
export const afterAnomaly = (
  state: Authorization,
  { data }: CaptureAnomalyDetected,
): Authorization => {
  const { kind, fact } = data;
  switch (kind) {
    case 'unknown_capture':
    case 'unknown_refund':
      return { ...state, unplaced: [...state.unplaced, wholeOf(fact)] };
    case 'conflicting_duplicate':
      return state;
    case 'over_captured':
    case 'over_refunded':
    case 'late_success':
    case 'contradictory_outcome':
    case 'amount_mismatch': {
      const word = withFact(state, fact);
      return withCapture(word, fact.captureId, (capture) => ({
        told: remembering(capture, connectorEventOf(fact)),
      }));
    }
    default:
      return unreachable(kind);
  }
};

/**
 * A fact without effect still says when the money last moved which way. A connector's event that was
 * remembered has said so already: told again with another instant, it says nothing new.
 */
export const withFact = (state: Authorization, fact: FactTold): Authorization => {
  const capture = captureById(state, fact.captureId);
  const event = connectorEventOf(fact);
  if (!capture || (event && connectorEventById(capture, event.connectorEventId))) return state;
  const told = toldBy(fact);
  if (fact.type !== 'RecordRefundOutcome') {
    return withCapture(state, fact.captureId, (it) => withWord(it, told, fact.occurredAt));
  }
  if (!capture.refunds.some(({ refundId }) => refundId === fact.refundId)) return state;
  return withRefund(state, fact, (it) => withWord(it, told, fact.occurredAt));
};

const remembering = (capture: Capture, event: ConnectorEvent | undefined): Capture['told'] => {
  if (!event || connectorEventById(capture, event.connectorEventId)) return capture.told;
  return [...capture.told, event];
};

const connectorEventIn = (
  event: CaptureFactEvent,
  uncertain: boolean,
): ConnectorEvent | undefined => {
  if (event.type === 'CaptureCanceled' || event.type === 'CaptureCancelFailed') return undefined;
  const { connectorEventId, amount } = event.data;
  if (connectorEventId === undefined) return undefined;
  const outcome = uncertain ? 'uncertain' : captureFacts[event.type].told;
  return { connectorEventId, contents: captureContents(outcome, amount) };
};

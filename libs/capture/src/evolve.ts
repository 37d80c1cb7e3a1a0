import {
  initialState,
  isStanding,
  refundById,
  withCapture,
  withRefund,
  withRegistered,
} from './authorization.js';
import type { Authorization, Capture, Movement, Refund } from './authorization.js';
import { unreachable } from './decider.js';
import type {
  AuthorizationEvent,
  CaptureCreated,
  RefundForwarded,
  RefundRequested,
} from './events.js';
import { afterAnomaly, afterCaptureFact, afterRefundFact, withFact } from './evolve-facts.js';

export { initialState };

/** The state after one more event. The same events always give the same state. */
export const evolve = (state: Authorization, event: AuthorizationEvent): Authorization => {
  switch (event.type) {
    case 'AuthorizationRegistered': {
      const { amount, expiresAt } = event.data;
      return { ...state, registered: { terms: event.data, amount, expiresAt, standing: 'open' } };
    }
    case 'AuthorizationAdjusted':
      return withRegistered(state, ({ expiresAt }) => ({
        amount: event.data.amount,
        expiresAt: event.data.expiresAt ?? expiresAt,
      }));
    case 'AuthorizationVoided':
      return withRegistered(state, () => ({ standing: 'voided' }));
    case 'AuthorizationExpired':
      return withRegistered(state, () => ({ standing: 'expired' }));
    case 'CaptureCreated':
      return { ...state, captures: [...state.captures, created(event.data)] };
    case 'CapturePending':
    case 'CaptureSucceeded':
    case 'CaptureDeclined':
    case 'CaptureFailed':
    case 'CaptureReversed':
    case 'CaptureCanceled':
    case 'CaptureCancelFailed':
      return afterCaptureFact(state, event);
    case 'CaptureForwarded':
      return withCapture(state, event.data.captureId, () => ({
        status: 'succeeded',
        uncertain: false,
        endedAt: undefined,
      }));
    case 'CaptureCancelRequested':
      return withCapture(state, event.data.captureId, () => ({ voidInFlight: true }));
    case 'NextRefundAmountSet':
      return withCapture(state, event.data.captureId, () => ({
        nextRefundAmount: event.data.amount,
      }));
    case 'RefundRequested':
      return withCapture(state, event.data.captureId, ({ refunds }) => ({
        nextRefundAmount: undefined,
        refunds: [...refunds, requested(event.data)],
      }));
    case 'RefundPending':
    case 'RefundSucceeded':
    case 'RefundDeclined':
    case 'RefundFailed':
    case 'RefundVoided':
    case 'RefundReversed':
      return afterRefundFact(state, event);
    case 'RefundForwarded':
      return afterRefundForward(state, event);
    case 'RefundVoidRequested':
      return withRefund(state, event.data, () => ({ voidInFlight: true }));
    case 'CaptureAnomalyDetected':
      return afterAnomaly(state, event);
    case 'CommandHadNoEffect':
      return event.data.fact ? withFact(state, event.data.fact) : state;
    case 'CommandRejected':
      return state;
    default:
      return unreachable(event);
  }
};

/** A refund that had come to nothing is asked for anew, and that clears the next refund amount. */
const afterRefundForward = (state: Authorization, { data }: RefundForwarded): Authorization => {
  const refund = refundById(state, data.refundId)?.refund;
  const forwarded = withRefund(state, data, () => ({ status: 'succeeded', endedAt: undefined }));
  if (!refund || isStanding(refund)) return forwarded;
  return withCapture(forwarded, data.captureId, () => ({ nextRefundAmount: undefined }));
};

const created = (data: CaptureCreated['data']): Capture => ({
  captureId: data.captureId,
  sequence: data.sequence,
  currency: data.currency,
  final: data.final,
  uncertain: false,
  nextRefundAmount: undefined,
  refunds: [],
  told: [],
  ...newMovement(data.amount),
});

const requested = ({ refundId, amount, purpose }: RefundRequested['data']): Refund => ({
  refundId,
  purpose,
  ...newMovement(amount),
});

const newMovement = (amount: number): Movement<'requested'> => ({
  amount,
  status: 'requested',
  voidInFlight: false,
  endedAt: undefined,
  lastSuccessAt: undefined,
  lastUndoneAt: undefined,
});

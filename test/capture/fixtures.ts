// What happened, in the domain's words. Unless said otherwise: EUR 100.00 are authorized under
// `manual`, the capture is c1, and everything was over by at(20), before the commands of commands.ts.
import { authorizationDecider } from '#capture/decide.js';
import type {
  AuthorizationEvent,
  AuthorizationRegistered,
  CaptureCreated,
} from '#capture/events.js';
import type { Amount, Instant } from '#capture/values.js';
import { specificationOf } from '../given-when-then.js';

export const given = specificationOf(authorizationDecider);

/** Minutes past nine on the day of these tests. */
export const at = (minute: number): Instant =>
  `2026-11-21T09:${String(minute).padStart(2, '0')}:00.000Z`;

export const authorization = (
  terms: Partial<AuthorizationRegistered['data']> = {},
): AuthorizationRegistered => ({
  type: 'AuthorizationRegistered',
  data: {
    amount: 100_00,
    currency: 'EUR',
    captureMethod: 'manual',
    connector: 'stripe',
    mode: 'live',
    ...terms,
  },
});
export const multiple = (terms: Partial<AuthorizationRegistered['data']> = {}) =>
  authorization({ captureMethod: 'manual_multiple', ...terms });
export const adjusted = (amount: Amount): AuthorizationEvent => ({
  type: 'AuthorizationAdjusted',
  data: { amount },
});
export const voided: AuthorizationEvent = { type: 'AuthorizationVoided', data: {} };
export const expired: AuthorizationEvent = { type: 'AuthorizationExpired', data: { at: at(20) } };

/** A capture as it begins: requested. Not final where it is not said, so under `manual_multiple`. */
export const requested = (
  captureId: string,
  amount: Amount,
  terms: Partial<CaptureCreated['data']> = {},
): CaptureCreated => ({
  type: 'CaptureCreated',
  data: { captureId, sequence: 1, amount, currency: 'EUR', final: false, ...terms },
});
/** The only capture of `manual`: always final. */
export const finalCapture = (
  captureId: string,
  amount: Amount,
  terms: Partial<CaptureCreated['data']> = {},
) => requested(captureId, amount, { final: true, ...terms });
export const automatic = [
  authorization({ captureMethod: 'automatic' }),
  finalCapture('c1', 100_00),
] as const;

const captureTold =
  (type: 'CaptureSucceeded' | 'CaptureDeclined' | 'CaptureFailed' | 'CaptureReversed') =>
  (captureId: string, minute = 10): AuthorizationEvent => ({
    type,
    data: { captureId, occurredAt: at(minute) },
  });
export const succeeded = captureTold('CaptureSucceeded');
export const declined = captureTold('CaptureDeclined');
export const failed = captureTold('CaptureFailed');
export const reversed = captureTold('CaptureReversed');
export const pending = (
  captureId: string,
  { minute = 5, uncertain = false } = {},
): AuthorizationEvent => ({
  type: 'CapturePending',
  data: { captureId, uncertain, occurredAt: at(minute) },
});
export const uncertain = (captureId: string) => pending(captureId, { uncertain: true });
export const forwarded = (captureId: string): AuthorizationEvent => ({
  type: 'CaptureForwarded',
  data: { captureId },
});
export const voidRequested = (captureId: string): AuthorizationEvent => ({
  type: 'CaptureCancelRequested',
  data: { captureId },
});
export const canceled = (captureId: string, minute = 15): AuthorizationEvent => ({
  type: 'CaptureCanceled',
  data: { captureId, occurredAt: at(minute) },
});
export const cancelFailed = (captureId: string, minute = 15): AuthorizationEvent => ({
  type: 'CaptureCancelFailed',
  data: { captureId, occurredAt: at(minute) },
});

/** A capture whose money was taken. */
export const captured = (
  captureId: string,
  amount: Amount,
  terms: Partial<CaptureCreated['data']> = {},
) => [requested(captureId, amount, terms), succeeded(captureId)] as const;

export const refundRequested = (
  captureId: string,
  refundId: string,
  amount: Amount,
  purpose: 'refund' | 'cancel' = 'refund',
): AuthorizationEvent => ({
  type: 'RefundRequested',
  data: { captureId, refundId, amount, currency: 'EUR', purpose },
});
const refundTold =
  (
    type:
      | 'RefundPending'
      | 'RefundSucceeded'
      | 'RefundDeclined'
      | 'RefundFailed'
      | 'RefundVoided'
      | 'RefundReversed',
  ) =>
  (refundId: string, minute = 15, captureId = 'c1'): AuthorizationEvent => ({
    type,
    data: { captureId, refundId, occurredAt: at(minute) },
  });
export const refundPending = refundTold('RefundPending');
export const refundSucceeded = refundTold('RefundSucceeded');
export const refundDeclined = refundTold('RefundDeclined');
export const refundFailed = refundTold('RefundFailed');
export const refundVoided = refundTold('RefundVoided');
export const refundReversed = refundTold('RefundReversed');
export const refundVoidRequested = (refundId: string, captureId = 'c1'): AuthorizationEvent => ({
  type: 'RefundVoidRequested',
  data: { captureId, refundId },
});
export const refundForwarded = (refundId: string, captureId = 'c1'): AuthorizationEvent => ({
  type: 'RefundForwarded',
  data: { captureId, refundId },
});
export const nextRefundSet = (captureId: string, amount: Amount): AuthorizationEvent => ({
  type: 'NextRefundAmountSet',
  data: { captureId, amount },
});

/** A refund whose money was given back. */
export const refunded = (captureId: string, refundId: string, amount: Amount) =>
  [refundRequested(captureId, refundId, amount), refundSucceeded(refundId, 15, captureId)] as const;

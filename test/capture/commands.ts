// What is asked of us and told to us, in the domain's words: at(30), after all that fixtures.ts says
// has happened, unless said otherwise.
import type {
  AdjustAuthorization,
  CancelCapture,
  CaptureOutcome,
  CreateCapture,
  ExpireAuthorization,
  Fact,
  ForwardStuckCapture,
  ForwardStuckRefund,
  RecordCancelOutcome,
  RecordCaptureOutcome,
  RecordRefundOutcome,
  RefundCapture,
  RefundOutcome,
  RegisterAuthorization,
  SetNextRefundAmount,
  VoidAuthorization,
  VoidRefund,
} from '#capture/commands.js';
import { payloadOf } from '#capture/commands.js';
import type { AnomalyKind, CaptureAnomalyDetected, CommandHadNoEffect } from '#capture/events.js';
import type { Amount } from '#capture/values.js';
import { at } from './fixtures.js';

const envelope = {
  commandId: 'cmd-1',
  merchantAccountId: 'default',
  authorizationId: 'auth-1',
  issuedAt: at(30),
};
const told = { occurredAt: at(30) };

export const register = (terms: Partial<RegisterAuthorization> = {}): RegisterAuthorization => ({
  ...envelope,
  type: 'RegisterAuthorization',
  amount: 100_00,
  currency: 'EUR',
  captureMethod: 'manual',
  connector: 'stripe',
  ...terms,
});
export const adjust = (
  amount: Amount,
  terms: Partial<AdjustAuthorization> = {},
): AdjustAuthorization => ({ ...envelope, type: 'AdjustAuthorization', amount, ...terms });
export const voidAuthorization: VoidAuthorization = { ...envelope, type: 'VoidAuthorization' };
export const expireAuthorization: ExpireAuthorization = {
  ...envelope,
  type: 'ExpireAuthorization',
  at: at(20),
};

export const create = (
  captureId: string,
  amount: Amount | 'all',
  terms: Partial<CreateCapture> = {},
): CreateCapture => ({
  ...envelope,
  type: 'CreateCapture',
  captureId,
  ...(amount === 'all' ? {} : { amount }),
  ...terms,
});
export const forward = (captureId = 'c1'): ForwardStuckCapture => ({
  ...envelope,
  type: 'ForwardStuckCapture',
  captureId,
});
export const cancel = (
  mode: CancelCapture['mode'],
  captureId = 'c1',
  refundId = 'derived',
): CancelCapture => ({ ...envelope, type: 'CancelCapture', captureId, mode, refundId });

/** The capture is c1 where it is not said, and whichever can bear it where it is null. */
export const refund = (
  refundId: string,
  amount: Amount | 'next',
  captureId: string | null = 'c1',
): RefundCapture => ({
  ...envelope,
  type: 'RefundCapture',
  refundId,
  ...(amount === 'next' ? {} : { amount }),
  ...(captureId === null ? {} : { captureId }),
});
export const setNextRefund = (amount: Amount, captureId = 'c1'): SetNextRefundAmount => ({
  ...envelope,
  type: 'SetNextRefundAmount',
  captureId,
  amount,
});
export const voidRefund = (refundId = 'r1', captureId = 'c1'): VoidRefund => ({
  ...envelope,
  type: 'VoidRefund',
  captureId,
  refundId,
});
export const forwardRefund = (refundId = 'r1', captureId = 'c1'): ForwardStuckRefund => ({
  ...envelope,
  type: 'ForwardStuckRefund',
  captureId,
  refundId,
});

export const tell = (
  outcome: CaptureOutcome,
  said: Partial<RecordCaptureOutcome> = {},
): RecordCaptureOutcome => ({
  ...envelope,
  ...told,
  type: 'RecordCaptureOutcome',
  captureId: 'c1',
  outcome,
  ...said,
});
export const tellCancel = (
  outcome: RecordCancelOutcome['outcome'],
  said: Partial<RecordCancelOutcome> = {},
): RecordCancelOutcome => ({
  ...envelope,
  ...told,
  type: 'RecordCancelOutcome',
  captureId: 'c1',
  outcome,
  ...said,
});
export const tellRefund = (
  outcome: RefundOutcome,
  said: Partial<RecordRefundOutcome> = {},
): RecordRefundOutcome => ({
  ...envelope,
  ...told,
  type: 'RecordRefundOutcome',
  captureId: 'c1',
  refundId: 'r1',
  outcome,
  ...said,
});

/** What is left beside a fact that someone should look at. */
export const anomaly = (kind: AnomalyKind, fact: Fact): CaptureAnomalyDetected => ({
  type: 'CaptureAnomalyDetected',
  data: {
    kind,
    captureId: fact.captureId,
    ...(fact.type === 'RecordRefundOutcome' ? { refundId: fact.refundId } : {}),
    fact: payloadOf(fact),
  },
});

/** What is left of a fact that changed nothing. */
export const withoutEffect = (fact: Fact): CommandHadNoEffect => ({
  type: 'CommandHadNoEffect',
  data: {
    commandType: fact.type,
    captureId: fact.captureId,
    ...(fact.type === 'RecordRefundOutcome' ? { refundId: fact.refundId } : {}),
    fact: payloadOf(fact),
  },
});

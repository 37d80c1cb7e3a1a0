// These names and members are the storage format: what is written here is read back years from now.
// Never rename or retype one. A new shape is a new type, and an upcaster for the old one in upcasters.ts.
//
// An amount is a whole number of the minor units of the authorization's currency. A member that was
// not said is absent. `occurredAt` is the connector's word for when; when we were told is `issuedAt`
// in the metadata; when it was stored is the store's.
import type {
  CommandType,
  CreateCapture,
  Fact,
  PayloadOf,
  RecordCaptureOutcome,
  RecordRefundOutcome,
  RefundCapture,
  RegisterAuthorization,
} from './commands.js';
import type { Rejection } from './rejections.js';
import type { Amount, ConnectorError, Currency, Instant, Metadata } from './values.js';

type Event<Type extends string, Data> = Readonly<{ type: Type; data: Readonly<Data> }>;

export type AuthorizationRegistered = Event<
  'AuthorizationRegistered',
  Pick<
    RegisterAuthorization,
    | 'amount'
    | 'currency'
    | 'captureMethod'
    | 'connector'
    | 'paymentId'
    | 'connectorTransactionId'
    | 'overCapture'
    | 'maxCaptures'
    | 'expiresAt'
    | 'externalIdentifier'
    | 'orderRef'
    | 'paymentSourceRef'
    | 'paymentMethodType'
    | 'network'
    | 'connectedAccountId'
    | 'merchantId'
    | 'reconciliationRef'
  > & { mode: 'test' | 'live' }
>;

/** `amount` is the new total; `expiresAt` absent leaves the old one. */
export type AuthorizationAdjusted = Event<
  'AuthorizationAdjusted',
  { amount: Amount; expiresAt?: Instant; reason?: string }
>;
export type AuthorizationVoided = Event<'AuthorizationVoided', { reason?: string }>;
export type AuthorizationExpired = Event<'AuthorizationExpired', { at: Instant }>;

/** `sequence` is 1, 2, 3 … in order of creation, without gap. */
export type CaptureCreated = Event<
  'CaptureCreated',
  {
    captureId: string;
    sequence: number;
    amount: Amount;
    currency: Currency;
    final: boolean;
  } & Pick<
    CreateCapture,
    | 'idempotencyKey'
    | 'externalIdentifier'
    | 'paymentReference'
    | 'reference'
    | 'referenceOrigin'
    | 'cartItems'
    | 'installments'
    | 'statementDescriptor'
    | 'date'
    | 'metadata'
  >
>;

/** What a connector told of a capture; `amount` is its word, not ours. */
type CaptureTold = Pick<
  RecordCaptureOutcome,
  | 'captureId'
  | 'connectorEventId'
  | 'connectorCaptureId'
  | 'connectorReferenceId'
  | 'token'
  | 'requestId'
  | 'isoResponseCode'
  | 'rawResponseCode'
  | 'rawResponseDescription'
  | 'error'
  | 'amount'
  | 'occurredAt'
>;

/** `uncertain`: the connector timed out or answered 5xx; the money may have moved. */
export type CapturePending = Event<'CapturePending', CaptureTold & { uncertain: boolean }>;
export type CaptureSucceeded = Event<'CaptureSucceeded', CaptureTold>;
export type CaptureDeclined = Event<'CaptureDeclined', CaptureTold>;
export type CaptureFailed = Event<'CaptureFailed', CaptureTold>;
export type CaptureReversed = Event<'CaptureReversed', CaptureTold>;

/** An operator moved the capture on to succeeded, on evidence of their own. */
export type CaptureForwarded = Event<
  'CaptureForwarded',
  { captureId: string; reason?: string; evidence?: string }
>;

/** A void is in flight from here on. */
export type CaptureCancelRequested = Event<
  'CaptureCancelRequested',
  { captureId: string; reason?: string }
>;

type CancelTold = { captureId: string; occurredAt: Instant; error?: ConnectorError };
export type CaptureCanceled = Event<'CaptureCanceled', CancelTold>;
export type CaptureCancelFailed = Event<'CaptureCancelFailed', CancelTold>;

export type RefundRequested = Event<
  'RefundRequested',
  {
    captureId: string;
    refundId: string;
    amount: Amount;
    currency: Currency;
    purpose: 'refund' | 'cancel';
    metadata?: Metadata;
  } & Pick<RefundCapture, 'idempotencyKey' | 'reason' | 'externalIdentifier'>
>;

type RefundTold = Pick<
  RecordRefundOutcome,
  'captureId' | 'refundId' | 'connectorRefundId' | 'connectorEventId' | 'error' | 'occurredAt'
>;
export type RefundPending = Event<'RefundPending', RefundTold>;
export type RefundSucceeded = Event<'RefundSucceeded', RefundTold>;
export type RefundDeclined = Event<'RefundDeclined', RefundTold>;
export type RefundFailed = Event<'RefundFailed', RefundTold>;
export type RefundVoided = Event<'RefundVoided', RefundTold>;
export type RefundReversed = Event<'RefundReversed', RefundTold>;

export type RefundVoidRequested = Event<
  'RefundVoidRequested',
  { captureId: string; refundId: string }
>;
export type RefundForwarded = Event<'RefundForwarded', { captureId: string; refundId: string }>;
export type NextRefundAmountSet = Event<
  'NextRefundAmountSet',
  { captureId: string; amount: Amount }
>;

/** A fact as it was told: what an anomaly, or a fact without effect, keeps. */
export type FactTold = PayloadOf<Fact>;

export type AnomalyKind =
  | 'over_captured'
  | 'over_refunded'
  | 'late_success'
  | 'contradictory_outcome'
  | 'amount_mismatch'
  | 'conflicting_duplicate'
  | 'unknown_capture'
  | 'unknown_refund';

/** A fact that breaks what commands are bound by, or that cannot be placed. Someone should look. */
export type CaptureAnomalyDetected = Event<
  'CaptureAnomalyDetected',
  { kind: AnomalyKind; captureId?: string; refundId?: string; fact: FactTold }
>;

/** A refusal is an answer, and is kept like any other. The ids are of what the command was about; what
 * it would have made has none. */
export type CommandRejected = Event<
  'CommandRejected',
  {
    commandType: CommandType;
    reason: Rejection;
    captureId?: string;
    refundId?: string;
    details: RejectionDetails;
  }
>;

/** The numbers that mattered, so that the same answer can be given for ever. */
export type RejectionDetails = Readonly<Record<string, string | number | boolean>>;

/**
 * Accepted, and nothing changed. A fact is kept whole: what was told late, or twice, still says when
 * the money last moved which way, and may end a void in flight (see `withWord` in transitions.ts).
 */
export type CommandHadNoEffect = Event<
  'CommandHadNoEffect',
  { commandType: CommandType; captureId?: string; refundId?: string; fact?: FactTold }
>;

export type AuthorizationEvent =
  | AuthorizationRegistered
  | AuthorizationAdjusted
  | AuthorizationVoided
  | AuthorizationExpired
  | CaptureCreated
  | CapturePending
  | CaptureSucceeded
  | CaptureDeclined
  | CaptureFailed
  | CaptureReversed
  | CaptureForwarded
  | CaptureCancelRequested
  | CaptureCanceled
  | CaptureCancelFailed
  | RefundRequested
  | RefundPending
  | RefundSucceeded
  | RefundDeclined
  | RefundFailed
  | RefundVoided
  | RefundReversed
  | RefundVoidRequested
  | RefundForwarded
  | NextRefundAmountSet
  | CaptureAnomalyDetected
  | CommandRejected
  | CommandHadNoEffect;

export type EventType = AuthorizationEvent['type'];

/** Every event type that this build reads, with the newest schema version of each. */
export const schemaVersions: ReadonlyMap<string, number> = new Map<EventType, number>([
  ['AuthorizationRegistered', 1],
  ['AuthorizationAdjusted', 1],
  ['AuthorizationVoided', 1],
  ['AuthorizationExpired', 1],
  ['CaptureCreated', 1],
  ['CapturePending', 1],
  ['CaptureSucceeded', 1],
  ['CaptureDeclined', 1],
  ['CaptureFailed', 1],
  ['CaptureReversed', 1],
  ['CaptureForwarded', 1],
  ['CaptureCancelRequested', 1],
  ['CaptureCanceled', 1],
  ['CaptureCancelFailed', 1],
  ['RefundRequested', 1],
  ['RefundPending', 1],
  ['RefundSucceeded', 1],
  ['RefundDeclined', 1],
  ['RefundFailed', 1],
  ['RefundVoided', 1],
  ['RefundReversed', 1],
  ['RefundVoidRequested', 1],
  ['RefundForwarded', 1],
  ['NextRefundAmountSet', 1],
  ['CaptureAnomalyDetected', 1],
  ['CommandRejected', 1],
  ['CommandHadNoEffect', 1],
]);

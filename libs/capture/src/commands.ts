import type {
  Amount,
  CaptureMethod,
  CartItem,
  ConnectorError,
  Currency,
  Instant,
  Metadata,
  OverCapture,
} from './values.js';

/** What every command carries, whatever it asks for. */
export type CommandEnvelope = Readonly<{
  /** Chosen by the sender: within its authorization it is the idempotency key, for ever. */
  commandId: string;
  merchantAccountId: string;
  authorizationId: string;
  issuedAt: Instant;
  /** Who asked: a user, a service. */
  actor?: string;
}>;

type Command<Type extends string, Payload = unknown> = CommandEnvelope &
  Readonly<{ type: Type }> &
  Readonly<Payload>;

export type RegisterAuthorization = Command<
  'RegisterAuthorization',
  {
    amount: Amount;
    currency: Currency;
    captureMethod: CaptureMethod;
    connector: string;
    /** Of the one capture of an `automatic` authorization; only there. */
    captureId?: string;
    paymentId?: string;
    connectorTransactionId?: string;
    overCapture?: OverCapture;
    maxCaptures?: number;
    expiresAt?: Instant;
    externalIdentifier?: string;
    orderRef?: string;
    paymentSourceRef?: string;
    paymentMethodType?: string;
    network?: string;
    connectedAccountId?: string;
    merchantId?: string;
    reconciliationRef?: string;
    mode?: 'test' | 'live';
  }
>;

export type AdjustAuthorization = Command<
  'AdjustAuthorization',
  { /** The new total. */ amount: Amount; expiresAt?: Instant; reason?: string }
>;
export type VoidAuthorization = Command<'VoidAuthorization', { reason?: string }>;
export type ExpireAuthorization = Command<'ExpireAuthorization', { at: Instant }>;

export type CreateCapture = Command<
  'CreateCapture',
  {
    /** Left out by the sender, it is derived from the command id before it gets here. */
    captureId: string;
    /** Omitted: all that is capturable. */
    amount?: Amount;
    /** Omitted: the authorization's. */
    currency?: Currency;
    /** Omitted: true under `manual`, false under `manual_multiple`. */
    final?: boolean;
    idempotencyKey?: string;
    externalIdentifier?: string;
    paymentReference?: string;
    reference?: string;
    referenceOrigin?: string;
    cartItems?: readonly CartItem[];
    installments?: number;
    statementDescriptor?: string;
    date?: string;
    metadata?: Metadata;
  }
>;

export type CaptureOutcome =
  'pending' | 'succeeded' | 'declined' | 'failed' | 'uncertain' | 'reversed';

/** A fact: it is recorded, never refused. */
export type RecordCaptureOutcome = Command<
  'RecordCaptureOutcome',
  {
    captureId: string;
    outcome: CaptureOutcome;
    connectorEventId?: string;
    connectorCaptureId?: string;
    connectorReferenceId?: string;
    token?: string;
    requestId?: string;
    isoResponseCode?: string;
    rawResponseCode?: string;
    rawResponseDescription?: string;
    error?: ConnectorError;
    /** What the connector says was captured; ours stands. */
    amount?: Amount;
    occurredAt: Instant;
  }
>;

export type ForwardStuckCapture = Command<
  'ForwardStuckCapture',
  { captureId: string; reason?: string; evidence?: string }
>;

export type CancelCapture = Command<
  'CancelCapture',
  {
    captureId: string;
    mode: 'void' | 'refund' | 'auto';
    /** Of the refund that a cancel may become; derived from the command id, never the sender's. */
    refundId: string;
    reason?: string;
  }
>;

/** A fact: it is recorded, never refused. */
export type RecordCancelOutcome = Command<
  'RecordCancelOutcome',
  {
    captureId: string;
    outcome: 'succeeded' | 'failed';
    error?: ConnectorError;
    occurredAt: Instant;
  }
>;

export type RefundCapture = Command<
  'RefundCapture',
  {
    /** Omitted: the first capture in sequence that can bear the whole refund. */
    captureId?: string;
    /** Left out by the sender, it is derived from the command id before it gets here. */
    refundId: string;
    /** Omitted: the next refund amount. */
    amount?: Amount;
    idempotencyKey?: string;
    reason?: string;
    externalIdentifier?: string;
    metadata?: Metadata;
  }
>;

export type RefundOutcome = 'pending' | 'succeeded' | 'declined' | 'failed' | 'voided' | 'reversed';

/** A fact: it is recorded, never refused. */
export type RecordRefundOutcome = Command<
  'RecordRefundOutcome',
  {
    captureId: string;
    refundId: string;
    outcome: RefundOutcome;
    connectorRefundId?: string;
    connectorEventId?: string;
    error?: ConnectorError;
    occurredAt: Instant;
  }
>;

export type VoidRefund = Command<'VoidRefund', { captureId: string; refundId: string }>;
export type ForwardStuckRefund = Command<
  'ForwardStuckRefund',
  { captureId: string; refundId: string }
>;
export type SetNextRefundAmount = Command<
  'SetNextRefundAmount',
  { captureId: string; amount: Amount }
>;

/** What somebody else reports to us. */
export type Fact = RecordCaptureOutcome | RecordCancelOutcome | RecordRefundOutcome;

export type AuthorizationCommand =
  | RegisterAuthorization
  | AdjustAuthorization
  | VoidAuthorization
  | ExpireAuthorization
  | CreateCapture
  | ForwardStuckCapture
  | CancelCapture
  | RefundCapture
  | VoidRefund
  | ForwardStuckRefund
  | SetNextRefundAmount
  | Fact;

export type CommandType = AuthorizationCommand['type'];

/** A command without what every command carries. */
export type PayloadOf<Asked extends CommandEnvelope> = Asked extends CommandEnvelope
  ? Omit<Asked, keyof CommandEnvelope>
  : never;

export const payloadOf = <Asked extends CommandEnvelope>(command: Asked): PayloadOf<Asked> => {
  const { commandId, merchantAccountId, authorizationId, issuedAt, actor, ...payload } = command;
  return payload as PayloadOf<Asked>;
};

/** Facts meet no refusal, and may use the room of a stream that is kept for them. */
export const isFact = (command: AuthorizationCommand): command is Fact =>
  command.type === 'RecordCaptureOutcome' ||
  command.type === 'RecordCancelOutcome' ||
  command.type === 'RecordRefundOutcome';

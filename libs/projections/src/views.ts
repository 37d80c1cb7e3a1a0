// What readers get. These members are a public format: HTTP shows them, and Kafka will carry them.
// A member that is not known is null, never absent, so that every view of a kind has the same members.
import type { CaptureStatus, RefundStatus, Registered } from '#capture/authorization.js';
import type { AuthorizationStatus, RefundState } from '#capture/balances.js';
import type { AuthorizationRegistered } from '#capture/events.js';
import type {
  Amount,
  CartItem,
  ConnectorError,
  Currency,
  Instant,
  Metadata,
} from '#capture/values.js';

/** Minor units: a number up to 2^53 - 1, and the digits as text beyond (only facts get there). */
export type Sum = number | string;

/**
 * What a view was folded from. Per view, that with the greatest (epoch, viewVersion, revision) is the
 * newest: see the reader's rule in ARCHITECTURE.md.
 */
export type Ledger = Readonly<{
  stream: string;
  /** Of the last event that was folded. */
  revision: number;
  /** Of the same event, in the log of its shard. */
  position: number;
  shard: number;
  epoch: number;
  viewVersion: number;
}>;

/** What every view says first. */
export type ViewHead = Readonly<{
  merchantAccountId: string;
  authorizationId: string;
  currency: Currency;
  ledger: Ledger;
}>;

/** One of the captures of an authorization, in brief. */
export type CaptureInSequence = Readonly<{
  captureId: string;
  /** 1, 2, 3 … in order of creation; one that failed keeps its own. */
  sequence: number;
  amount: Amount;
  currency: Currency;
  status: CaptureStatus;
  /** Of a pending one: the money may have moved, and only evidence resolves it. */
  uncertain: boolean;
  final: boolean;
}>;

export type CaptureSequence = ViewHead & Readonly<{ captures: readonly CaptureInSequence[] }>;

export type RefundNumbers = Readonly<{
  /** The amount of the capture while it is succeeded, else 0. */
  captured: Sum;
  refunded: Sum;
  refundPending: Sum;
  chargedBack: Sum;
  /** What may still be refunded. */
  left: Sum;
  /** What a refund without an amount takes. */
  nextRefundAmount: Sum;
  /** What facts alone have given back beyond what was captured. */
  overRefunded: Sum;
  state: RefundState;
}>;

export type RefundBalance = ViewHead & RefundNumbers & Readonly<{ captureId: string }>;

/** captured + pending = held; limit + overCaptured = capturable + held + released. */
export type CaptureNumbers = Readonly<{
  /** As last adjusted. */
  authorized: Sum;
  /** The most that commands may hold: `authorized`, or more with over-capture. */
  limit: Sum;
  held: Sum;
  captured: Sum;
  pending: Sum;
  /** The most that a new capture may ask for. */
  capturable: Sum;
  /** Given back, or set aside while a final capture is in flight. */
  released: Sum;
  /** What facts alone have taken beyond the limit. */
  overCaptured: Sum;
  takesCaptures: boolean;
  closed: boolean;
  /** The final capture that stands or may yet. */
  finalCaptureId: string | null;
  status: AuthorizationStatus;
}>;

export type FinalCapture = ViewHead & CaptureNumbers;

/** What an authorization was registered with, apart from what it holds. */
export type AuthorizationTerms = Readonly<{
  captureMethod: AuthorizationRegistered['data']['captureMethod'];
  connector: string;
  mode: 'test' | 'live';
  paymentId: string | null;
  connectorTransactionId: string | null;
  externalIdentifier: string | null;
  orderRef: string | null;
  paymentSourceRef: string | null;
  paymentMethodType: string | null;
  network: string | null;
  connectedAccountId: string | null;
  merchantId: string | null;
  reconciliationRef: string | null;
}>;

export type AuthorizationView = ViewHead &
  CaptureNumbers &
  AuthorizationTerms &
  Readonly<{
    standing: Registered['standing'];
    overCapture: AuthorizationRegistered['data']['overCapture'] | null;
    /** How many live captures there may be at once. */
    maxCaptures: number;
    /** Information only, until the authorization is expired. */
    expiresAt: Instant | null;
    captures: readonly CaptureInSequence[];
    createdAt: Instant;
    updatedAt: Instant;
  }>;

export type RefundView = Readonly<{
  refundId: string;
  amount: Amount;
  currency: Currency;
  status: RefundStatus;
  /** `cancel`: what a cancel of a succeeded capture became. */
  purpose: 'refund' | 'cancel';
  voidInFlight: boolean;
  connectorRefundId: string | null;
  /** Of the last decline, failure or void; a success clears it. */
  error: ConnectorError | null;
  idempotencyKey: string | null;
  reason: string | null;
  externalIdentifier: string | null;
  metadata: Metadata;
  createdAt: Instant;
  updatedAt: Instant;
  /** Null unless it is succeeded. */
  refundedAt: Instant | null;
}>;

/** All refunds of a capture, counted and summed up; the last of them in full. */
export type RefundsOfCapture = Readonly<{
  count: number;
  totals: Readonly<Record<RefundStatus, Sum>>;
  /** In the order in which they were asked for; at most REFUNDS_SHOWN of refund-details.ts. */
  last: readonly RefundView[];
}>;

/** What a connector said of a capture; each is the last that was said. */
export type ConnectorWords = Readonly<{
  connectorCaptureId: string | null;
  connectorReferenceId: string | null;
  token: string | null;
  requestId: string | null;
  isoResponseCode: string | null;
  rawResponseCode: string | null;
  rawResponseDescription: string | null;
}>;

/** Everything known of one capture. */
export type CaptureView = ViewHead &
  CaptureInSequence &
  ConnectorWords &
  Readonly<{
    voidInFlight: boolean;
    /** Of the last decline, failure or cancel; a success clears it. */
    error: ConnectorError | null;
    idempotencyKey: string | null;
    externalIdentifier: string | null;
    paymentReference: string | null;
    reference: string | null;
    referenceOrigin: string | null;
    cartItems: readonly CartItem[];
    installments: number | null;
    statementDescriptor: string | null;
    date: string | null;
    metadata: Metadata;
    createdAt: Instant;
    updatedAt: Instant;
    /** When it succeeded, or was forwarded; null unless it is succeeded. */
    capturedAt: Instant | null;
    /** When what ended it (a decline, failure, reversal or cancel) occurred; null unless it has ended. */
    endedAt: Instant | null;
    authorization: AuthorizationTerms;
    refundBalance: RefundNumbers;
    refunds: RefundsOfCapture;
  }>;

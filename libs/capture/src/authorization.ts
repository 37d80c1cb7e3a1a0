import type { AuthorizationRegistered } from './events.js';
import type { Amount, Currency, Instant } from './values.js';

/**
 * What `decide` must know of an authorization: a fold of its events and of nothing else. It is plain
 * data, so a view can keep it as it is. What follows from it (capturable, left, closed …) is computed
 * in balances.ts and never stored.
 */
export type Authorization = Readonly<{
  /** Undefined where the stream holds only refusals, or facts about something unknown. */
  registered: Registered | undefined;
  /** In order of sequence: `captures[n].sequence === n + 1`. */
  captures: readonly Capture[];
  /** The facts that could not be placed, by their contents, so that one told again leaves no event. */
  unplaced: readonly string[];
}>;

export type Registered = Readonly<{
  /** As first registered: what the same registration told again is compared with. */
  terms: AuthorizationRegistered['data'];
  /** As last adjusted. */
  amount: Amount;
  expiresAt: Instant | undefined;
  standing: 'open' | 'voided' | 'expired';
}>;

/** Money on its way: what a capture and a refund have in common. */
export type Movement<Status extends string> = Readonly<{
  amount: Amount;
  status: Status;
  /** A void was asked for, and is not over yet. */
  voidInFlight: boolean;
  /** When the fact that ended it (declined, failed, reversed, canceled, voided) occurred. */
  endedAt: Instant | undefined;
  /** The latest success, and the latest reversal or cancel, that anyone told us of. */
  lastSuccessAt: Instant | undefined;
  lastUndoneAt: Instant | undefined;
}>;

export type CaptureStatus =
  'requested' | 'pending' | 'succeeded' | 'declined' | 'failed' | 'canceled';

export type Capture = Movement<CaptureStatus> &
  Readonly<{
    captureId: string;
    sequence: number;
    currency: Currency;
    final: boolean;
    /** Of a pending one: the money may have moved, and only evidence resolves it. */
    uncertain: boolean;
    /** What the next refund without an amount takes, where someone has set it. */
    nextRefundAmount: Amount | undefined;
    refunds: readonly Refund[];
    /** The connector's events that left one of ours. */
    told: readonly ConnectorEvent[];
  }>;

export type RefundStatus = 'requested' | 'pending' | 'succeeded' | 'declined' | 'failed' | 'voided';

export type Refund = Movement<RefundStatus> &
  Readonly<{ refundId: string; purpose: 'refund' | 'cancel' }>;

/** A connector's own event, and what it said: the same id with other contents is a conflict. */
export type ConnectorEvent = Readonly<{ connectorEventId: string; contents: string }>;

export const initialState: Authorization = { registered: undefined, captures: [], unplaced: [] };

/** A live capture holds its amount. */
export const isLive = ({ status }: Capture): boolean =>
  status === 'requested' || status === 'pending' || status === 'succeeded';

/** A refund that stands has taken its amount from what is left, or may yet. */
export const isStanding = ({ status }: Refund): boolean =>
  status === 'requested' || status === 'pending' || status === 'succeeded';

export const captureById = (state: Authorization, captureId: string): Capture | undefined =>
  state.captures.find((capture) => capture.captureId === captureId);

/** A refund id is unique in its authorization, whatever capture it is of. */
export const refundById = (
  state: Authorization,
  refundId: string,
): Readonly<{ capture: Capture; refund: Refund }> | undefined => {
  for (const capture of state.captures) {
    const refund = capture.refunds.find((one) => one.refundId === refundId);
    if (refund) return { capture, refund };
  }
  return undefined;
};

/** The connector's event of that id, where it left one of ours. */
export const connectorEventById = (
  { told }: Capture,
  connectorEventId: string,
): ConnectorEvent | undefined => told.find((one) => one.connectorEventId === connectorEventId);

export const withRegistered = (
  state: Authorization,
  change: (registered: Registered) => Partial<Registered>,
): Authorization => {
  const { registered } = state;
  if (!registered) throw new Error('corrupt history: the authorization was never registered');
  return { ...state, registered: { ...registered, ...change(registered) } };
};

export const withCapture = (
  state: Authorization,
  captureId: string,
  change: (capture: Capture) => Partial<Capture>,
): Authorization => {
  const index = state.captures.findIndex((capture) => capture.captureId === captureId);
  const capture = state.captures[index];
  // History is only ever written by `decide`, which creates a capture before it touches it.
  if (!capture) throw new Error(`corrupt history: capture ${captureId} was never created`);
  return { ...state, captures: state.captures.with(index, { ...capture, ...change(capture) }) };
};

export const withRefund = (
  state: Authorization,
  { captureId, refundId }: Readonly<{ captureId: string; refundId: string }>,
  change: (refund: Refund) => Partial<Refund>,
): Authorization =>
  withCapture(state, captureId, ({ refunds }) => {
    const index = refunds.findIndex((refund) => refund.refundId === refundId);
    const refund = refunds[index];
    if (!refund) throw new Error(`corrupt history: refund ${refundId} was never asked for`);
    return { refunds: refunds.with(index, { ...refund, ...change(refund) }) };
  });

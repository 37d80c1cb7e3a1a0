import type {
  AuthorizationEvent,
  RefundDeclined,
  RefundFailed,
  RefundPending,
  RefundRequested,
  RefundReversed,
  RefundSucceeded,
  RefundVoided,
} from '#capture/events.js';
import type { ConnectorError, Instant } from '#capture/values.js';
import type { DecodedEvent } from '#event-store/event-codec.js';

/** How many refunds of a capture are shown in full. Of the others the state knows amount and status. */
export const REFUNDS_SHOWN = 100;

/** What readers want to know of a refund, and no decision depends on. */
export type RefundDetails = Readonly<{
  refundId: string;
  /** As it was asked for. */
  requested: Pick<
    RefundRequested['data'],
    'idempotencyKey' | 'reason' | 'externalIdentifier' | 'metadata'
  >;
  createdAt: Instant;
  updatedAt: Instant;
  /** Of its last success: occurredAt, or issuedAt of a forward. */
  succeededAt: Instant | null;
  error: ConnectorError | null;
  connectorRefundId: string | null;
}>;

type Event = DecodedEvent<AuthorizationEvent>;

/** The details of a capture's last refunds after `event`, which may be about none of them. */
export const withRefundEvent = (
  refunds: readonly RefundDetails[],
  event: Event,
): readonly RefundDetails[] => {
  if (event.type === 'RefundRequested')
    return [...refunds.slice(1 - REFUNDS_SHOWN), requested(event)];
  if (!('refundId' in event.data)) return refunds;
  const { refundId } = event.data;
  const place = refunds.findIndex((refund) => refund.refundId === refundId);
  const before = refunds[place];
  if (!before) return refunds; // One that is no longer shown, or that nobody knows.
  const { issuedAt } = event.metadata;
  const updatedAt = before.updatedAt > issuedAt ? before.updatedAt : issuedAt;
  return refunds.with(place, { ...before, ...changes(before, event), updatedAt });
};

const requested = ({ data, metadata }: Event & RefundRequested): RefundDetails => {
  const { captureId, refundId, amount, currency, purpose, ...rest } = data;
  return {
    refundId,
    requested: rest,
    createdAt: metadata.issuedAt,
    updatedAt: metadata.issuedAt,
    succeededAt: null,
    error: null,
    connectorRefundId: null,
  };
};

const changes = (before: RefundDetails, event: Event): Partial<RefundDetails> => {
  if (event.type === 'RefundForwarded')
    return { succeededAt: event.metadata.issuedAt, error: null };
  if (!isFact(event)) return {};
  const connectorRefundId = event.data.connectorRefundId ?? before.connectorRefundId;
  if (event.type === 'RefundPending') return { connectorRefundId };
  if (event.type === 'RefundSucceeded')
    return { connectorRefundId, succeededAt: event.data.occurredAt, error: null };
  return { connectorRefundId, error: event.data.error ?? null };
};

type RefundFact =
  RefundPending | RefundSucceeded | RefundDeclined | RefundFailed | RefundVoided | RefundReversed;

const factTypes: ReadonlySet<string> = new Set<RefundFact['type']>([
  'RefundPending',
  'RefundSucceeded',
  'RefundDeclined',
  'RefundFailed',
  'RefundVoided',
  'RefundReversed',
]);

const isFact = (event: Event): event is Event & RefundFact => factTypes.has(event.type);

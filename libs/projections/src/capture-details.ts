import type { Authorization } from '#capture/authorization.js';
import { unreachable } from '#capture/decider.js';
import type { AuthorizationEvent, CaptureCreated, CapturePending } from '#capture/events.js';
import type { ConnectorError, Instant } from '#capture/values.js';
import type { DecodedEvent } from '#event-store/event-codec.js';
import { withRefundEvent } from './refund-details.js';
import type { RefundDetails } from './refund-details.js';

/** What readers want to know of a capture, and no decision depends on. */
export type CaptureDetails = Readonly<{
  /** As it was created. */
  created: Omit<CaptureCreated['data'], 'captureId' | 'sequence' | 'amount' | 'currency' | 'final'>;
  /** Of its creation, in the log. */
  position: number;
  createdAt: Instant;
  /** The same, or when it was recorded, where the sender's clock is ahead of ours: no capture waits from the future on. */
  waitsSince: Instant;
  updatedAt: Instant;
  /** Of its last success: occurredAt, or issuedAt of a forward. */
  succeededAt: Instant | null;
  error: ConnectorError | null;
  said: ConnectorSaid;
  /** The last refunds that were asked for. */
  refunds: readonly RefundDetails[];
}>;

/** What a connector said along with its facts; each member is the last that was said. */
export type ConnectorSaid = Readonly<
  Omit<
    CapturePending['data'],
    'captureId' | 'connectorEventId' | 'error' | 'amount' | 'occurredAt' | 'uncertain'
  >
>;

type Event = DecodedEvent<AuthorizationEvent>;

/** The details of all captures after `event`; `state` is what the authorization then is. */
export const withEvent = (
  captures: readonly CaptureDetails[],
  state: Authorization,
  event: Event,
): readonly CaptureDetails[] => {
  if (event.type === 'CaptureCreated') return [...captures, created(event)];
  if (!('captureId' in event.data)) return captures;
  const { captureId } = event.data;
  const place = state.captures.findIndex((capture) => capture.captureId === captureId);
  const before = captures[place];
  if (!before) return captures; // A fact about a capture that nobody knows.
  const { issuedAt } = event.metadata;
  const updatedAt = before.updatedAt > issuedAt ? before.updatedAt : issuedAt;
  return captures.with(place, { ...before, ...changes(before, event), updatedAt });
};

const created = ({
  data,
  metadata: { issuedAt },
  position,
  recordedAt,
}: Event & CaptureCreated): CaptureDetails => {
  const recorded = new Date(recordedAt).toISOString();
  const { captureId, sequence, amount, currency, final, ...rest } = data;
  return {
    created: rest,
    position,
    createdAt: issuedAt,
    waitsSince: issuedAt < recorded ? issuedAt : recorded,
    updatedAt: issuedAt,
    succeededAt: null,
    error: null,
    said: {},
    refunds: [],
  };
};

const changes = (before: CaptureDetails, event: Event): Partial<CaptureDetails> => {
  switch (event.type) {
    case 'CapturePending':
      return { said: nowSaid(before.said, event.data) };
    case 'CaptureSucceeded':
      return {
        said: nowSaid(before.said, event.data),
        succeededAt: event.data.occurredAt,
        error: null,
      };
    case 'CaptureForwarded':
      return { succeededAt: event.metadata.issuedAt, error: null };
    case 'CaptureDeclined':
    case 'CaptureFailed':
    case 'CaptureReversed':
      return { said: nowSaid(before.said, event.data), error: event.data.error ?? null };
    case 'CaptureCanceled':
    case 'CaptureCancelFailed':
      return { error: event.data.error ?? null };
    case 'RefundRequested':
    case 'RefundPending':
    case 'RefundSucceeded':
    case 'RefundForwarded':
    case 'RefundDeclined':
    case 'RefundFailed':
    case 'RefundVoided':
    case 'RefundReversed':
    case 'RefundVoidRequested':
      return { refunds: withRefundEvent(before.refunds, event) };
    case 'AuthorizationRegistered':
    case 'AuthorizationAdjusted':
    case 'AuthorizationVoided':
    case 'AuthorizationExpired':
    case 'CaptureCreated':
    case 'CaptureCancelRequested':
    case 'NextRefundAmountSet':
    case 'CaptureAnomalyDetected':
    case 'CommandRejected':
    case 'CommandHadNoEffect':
      return {};
    default:
      return unreachable(event);
  }
};

const nowSaid = (
  before: ConnectorSaid,
  told: ConnectorSaid & Pick<CapturePending['data'], 'captureId'>,
): ConnectorSaid => {
  const now: { -readonly [Member in keyof ConnectorSaid]: ConnectorSaid[Member] } = { ...before };
  for (const member of saidMembers) {
    const word = told[member];
    if (word !== undefined) now[member] = word;
  }
  return now;
};

const saidMembers = [
  'connectorCaptureId',
  'connectorReferenceId',
  'token',
  'requestId',
  'isoResponseCode',
  'rawResponseCode',
  'rawResponseDescription',
] as const satisfies readonly (keyof ConnectorSaid)[];

import { schemaVersions } from '#capture/events.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { keyOf } from '#capture/stream-name.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import type { Instant } from '#capture/values.js';
import { headerText } from '#kafka/headers.js';
import type { InboundRecord } from '#kafka/records.js';

/**
 * The events that ask something of a connector, with the members that it must know to answer. All others
 * tell what it said itself, or are the ledger's own business.
 */
const asking = {
  CaptureCreated: ['captureId', 'amount'],
  CaptureForwarded: ['captureId'],
  CaptureCancelRequested: ['captureId'],
  RefundRequested: ['captureId', 'refundId', 'amount'],
  RefundForwarded: ['captureId', 'refundId'],
  RefundVoidRequested: ['captureId', 'refundId'],
} as const;

type AskingType = keyof typeof asking;

export type HeardEvent = Readonly<{
  eventId: string;
  authorization: AuthorizationKey;
  /** When the ledger stored it: the only time that a connector goes by. */
  recordedAt: Instant;
  correlationId?: string;
  event: Extract<AuthorizationEvent, { type: AskingType }>;
}>;

/** A record that asks something, or why it cannot be understood; undefined where it asks nothing. */
export type Heard = HeardEvent | Readonly<{ unusable: string }> | undefined;

/** Short enough for the ids of commands that are made of it. */
const ID = /^[A-Za-z0-9._:~-]{1,90}$/;

/** A record of the topic of events. Never throws: whatever is there, those behind it are to be read. */
export const heardIn = ({ value, headers }: InboundRecord): Heard => {
  const type = headerText(headers, 'ce_type') ?? '';
  if (!schemaVersions.has(type)) return { unusable: 'no type of event that this build knows' };
  if (!isAsking(type)) return undefined;
  const eventId = headerText(headers, 'ce_id') ?? '';
  if (!ID.test(eventId)) return { unusable: 'no id of an event' };
  const authorization = keyOf(headerText(headers, 'ce_subject') ?? '');
  if (!authorization) return { unusable: 'not of an authorization' };
  const at = Date.parse(headerText(headers, 'ce_time') ?? '');
  if (Number.isNaN(at)) return { unusable: 'no time' };
  const data = objectIn(value);
  if (!data) return { unusable: 'no JSON object' };
  const missing = asking[type].find((member) => !isThere(member, data[member]));
  if (missing !== undefined) return { unusable: `no ${missing}` };
  const correlationId = headerText(headers, 'ce_correlationid');
  return {
    eventId,
    authorization,
    recordedAt: new Date(at).toISOString(),
    ...(correlationId !== undefined && { correlationId }),
    // The ledger wrote it under the type that names its members; what is needed of them was looked at.
    event: { type, data } as unknown as HeardEvent['event'],
  };
};

const isAsking = (type: string): type is AskingType => Object.hasOwn(asking, type);

const isThere = (member: string, value: unknown): boolean =>
  member === 'amount'
    ? Number.isSafeInteger(value) && Number(value) > 0
    : typeof value === 'string' && value !== '';

const objectIn = (value: Buffer | null): Readonly<Record<string, unknown>> | undefined => {
  try {
    const data: unknown = JSON.parse(value?.toString() ?? '');
    return typeof data === 'object' && data !== null
      ? (data as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
};

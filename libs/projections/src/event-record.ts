import { keyOf } from '#capture/stream-name.js';
import type { RecordedEvent, StoreIdentity } from '#event-store/event-store.js';
import type { PublishedRecord } from './publication-sink.js';
import { recordKey } from './record-key.js';

/**
 * An event for its topic: CloudEvents' Kafka binding in binary mode, and as value its data, the bytes that
 * are stored. The same event of the same life of a store gives the same record.
 */
export const eventRecord = (
  event: RecordedEvent,
  { shard, epoch }: StoreIdentity,
): PublishedRecord => {
  const { stream, revision, position, recordedAt } = event;
  const key = keyOf(stream);
  return {
    channel: 'events',
    // Of a stream that this ledger never wrote there is nothing better than its name.
    key: key ? recordKey(key) : stream,
    value: event.data,
    headers: {
      ce_specversion: '1.0',
      ce_id: event.eventId,
      ce_type: event.type,
      ce_source: `/capture-ledger/${shard}`,
      ce_subject: stream,
      ce_time: new Date(recordedAt).toISOString(),
      ...saidOf(event),
      ce_ledgerrevision: String(revision),
      ce_ledgerposition: String(position),
      ce_ledgerepoch: String(epoch),
      'content-type': 'application/json',
    },
  };
};

/**
 * The capture that an event names; undefined where it names none. Events change no capture but the one
 * they name.
 */
export const captureNamedIn = ({ data }: RecordedEvent): string | undefined => {
  // Most events name one; those that do not need not be parsed.
  if (!data.includes('"captureId"')) return undefined;
  const captureId = membersOf(data)['captureId'];
  return typeof captureId === 'string' ? captureId : undefined;
};

/** What caused it, and the version of its type. */
const saidOf = ({ metadata }: RecordedEvent): Record<string, string> => {
  const { commandId, correlationId, schemaVersion } = membersOf(metadata);
  const said: Record<string, string> = {};
  if (typeof commandId === 'string') said['ce_causationid'] = commandId;
  if (typeof correlationId === 'string') said['ce_correlationid'] = correlationId;
  if (typeof schemaVersion === 'number') said['ce_ledgerschemaversion'] = String(schemaVersion);
  return said;
};

/** None where it is no JSON: that one stream cannot be used is an alarm of the projector's, and no more. */
const membersOf = (json: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

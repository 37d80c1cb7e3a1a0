import type { AuthorizationEvent } from '#capture/events.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { eventRecord } from '#projections/event-record.js';
import { factRecord } from '../../apps/sandbox-connector/src/fact-record.js';
import { heardIn } from '../../apps/sandbox-connector/src/heard-event.js';
import type { HeardEvent } from '../../apps/sandbox-connector/src/heard-event.js';
import { outcomesOf } from '../../apps/sandbox-connector/src/outcomes.js';
import type { Outcome } from '../../apps/sandbox-connector/src/outcomes.js';

export const EVENTS = 'capture.events.v1';
export const COMMANDS = 'capture.commands.v1';

/** When events are recorded: milliseconds since 1970. */
export const RECORDED_AT = Date.parse('2026-11-21T09:00:00.000Z');

type Happened = Pick<AuthorizationEvent, 'type'> & Readonly<{ data: unknown }>;

/** An event as the ledger stored it. */
export const recorded = (
  { type, data }: Happened,
  more: Partial<RecordedEvent> = {},
): RecordedEvent => ({
  eventId: '5a0c3a52-8f0d-5b6e-9c07-2d1b7e5a94c8',
  type,
  data: JSON.stringify(data),
  metadata: JSON.stringify({ commandId: 'cmd-1', correlationId: 'cor-1' }),
  stream: 'authorization-default/auth-1',
  revision: 1,
  position: 2,
  recordedAt: RECORDED_AT,
  ...more,
});

/** The same as the publisher writes it, for a producer. */
export const published = (event: RecordedEvent) => {
  const { key, value, headers } = eventRecord(event, { shard: 0, epoch: 1 });
  return { key, value, headers: { ...headers } };
};

/** The same as a consumer is handed it. */
export const onTopic = (event: RecordedEvent): InboundRecord => {
  const { key, value, headers } = published(event);
  return inbound({ topic: EVENTS, key, value, headers });
};

/** A record that was sent, as its readers get it. */
export const inbound = ({ topic, key, value, headers }: OutRecord): InboundRecord => ({
  topic,
  partition: 0,
  offset: 0n,
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: new Map(
    Object.entries(headers).map(([name, one]) => [name, [Buffer.from(one as string | Buffer)]]),
  ),
  timestamp: RECORDED_AT,
});

/** What is to be said to an event, and of which event. */
export const saidTo = (event: RecordedEvent): readonly Outcome[] => {
  const heard = heardIn(onTopic(event));
  return heard === undefined ? [] : outcomesOf(usable(heard));
};

/** The records that say it. */
export const recordsTo = (event: RecordedEvent): readonly (OutRecord & { isLate: boolean })[] => {
  const heard = heardIn(onTopic(event));
  if (heard === undefined) return [];
  const { correlationId } = usable(heard);
  return outcomesOf(usable(heard)).map(({ fact, isLate }) => ({
    ...factRecord(fact, correlationId, COMMANDS),
    isLate,
  }));
};

const usable = (heard: NonNullable<ReturnType<typeof heardIn>>): HeardEvent => {
  if ('unusable' in heard) throw new Error(heard.unusable);
  return heard;
};

export const captureCreated = (amount: number, captureId = 'cap-1'): Happened => ({
  type: 'CaptureCreated',
  data: { captureId, sequence: 1, amount, currency: 'EUR', final: true },
});

export const refundRequested = (amount: number): Happened => ({
  type: 'RefundRequested',
  data: { captureId: 'cap-1', refundId: 'ref-1', amount, currency: 'EUR', purpose: 'refund' },
});

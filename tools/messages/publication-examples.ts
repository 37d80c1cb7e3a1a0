// One capture of one authorization, as the ledger publishes it: made by what publishes.
import type { AuthorizationEvent } from '#capture/events.js';
import { streamOf } from '#capture/stream-name.js';
import { startOfChain } from '#event-store/chain.js';
import { encodeEvents } from '#event-store/event-codec.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { ViewTopic } from '#kafka/topic-names.js';
import { atRevision, initialDocument } from '#projections/authorization-document.js';
import { eventRecord } from '#projections/event-record.js';
import { foldRecorded } from '#projections/fold-recorded.js';
import { encodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublishedRecord } from '#projections/publication-sink.js';
import { publishedViews } from '#projections/published-views.js';
import { capturesOf, viewRecords } from '#projections/view-records.js';

type Example = Readonly<{ headers: unknown; payload: unknown }>;

const stream = streamOf({ merchantAccountId: 'default', authorizationId: 'auth_4563' });
const identity = { shard: 0, epoch: 1 };
const capture = { captureId: 'capture_1', sequence: 1, amount: 7000, currency: 'EUR' };
const began = Date.UTC(2026, 10, 21, 9);

const told: readonly (readonly [command: string, event: AuthorizationEvent])[] = [
  [
    'RegisterAuthorization',
    {
      type: 'AuthorizationRegistered',
      data: {
        amount: 12000,
        currency: 'EUR',
        captureMethod: 'manual_multiple',
        connector: 'acme-pay',
        mode: 'live',
      },
    },
  ],
  [
    'CreateCapture',
    { type: 'CaptureCreated', data: { ...capture, final: false, reference: 'INV-2026-118' } },
  ],
  [
    'RecordCaptureOutcome',
    {
      type: 'CaptureSucceeded',
      data: {
        captureId: capture.captureId,
        connectorCaptureId: 'cp_771',
        occurredAt: new Date(began).toISOString(),
      },
    },
  ],
];

const { events } = encodeEvents(
  stream,
  startOfChain(stream).hash,
  told.map(([commandType, event], index) => ({
    event,
    metadata: {
      commandId: `order-118-${index + 1}`,
      commandType,
      commandIndex: 0,
      fingerprint: '',
      issuedAt: new Date(began).toISOString(),
      schemaVersion: 1,
    },
  })),
);

const log: readonly RecordedEvent[] = events.map((event, revision) => ({
  ...event,
  stream,
  revision,
  position: 4711 + revision,
  recordedAt: began + revision,
}));

const exampleOf = ({ headers, value }: PublishedRecord): Example => ({
  headers,
  payload: JSON.parse(value ?? 'null'),
});

/** By `ce_type`: an event, headers and value. */
export const eventExamples: ReadonlyMap<string, Example> = new Map(
  log.map((event) => [event.type, exampleOf(eventRecord(event, identity))]),
);

const viewsOf = (recorded: readonly RecordedEvent[]): readonly PublishedRecord[] => {
  const at = atRevision(foldRecorded(initialDocument(stream), recorded).document, identity);
  return at ? viewRecords(publishedViews, at, capturesOf(at)) : [];
};

/** Of each view: a record, headers and value. */
export const viewExamples = Object.fromEntries(
  viewsOf(log).map((record) => [record.channel, exampleOf(record)]),
) as Readonly<Record<ViewTopic, Example>>;

export const checkpointExample: Example = {
  headers: { 'content-type': 'application/json' },
  payload: JSON.parse(
    encodeCheckpoint({
      position: log.at(-1)!.position,
      eventId: log.at(-1)!.eventId,
      from: 0,
      epoch: identity.epoch,
      asOf: log.at(-1)!.position,
      asOfEventId: log.at(-1)!.eventId,
      views: Object.fromEntries(publishedViews.map(({ name, version }) => [name, version])),
    }).toString(),
  ),
};

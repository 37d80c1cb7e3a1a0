import { randomUUID } from 'node:crypto';
import { canonicalJson } from '#event-store/canonical.js';
import { hashOfStreamName } from '#event-store/chain.js';
import { encodeEvents } from '#event-store/event-codec.js';
import type { NewEvent } from '#event-store/event-store.js';

export type SampleStream = Readonly<{ name: string; events: readonly NewEvent[] }>;

/** The events of a short authorization: each is appended by itself. */
export const EVENTS_OF_A_STREAM = 5;

/** `count` new streams, each of {@link EVENTS_OF_A_STREAM} events of about 500 bytes. */
export const sampleStreams = (count: number): SampleStream[] =>
  Array.from({ length: count }, () => {
    const name = `authorization-default/${randomUUID()}`;
    const decided = Array.from({ length: EVENTS_OF_A_STREAM }, () => ({
      event: {
        type: 'CaptureSucceeded',
        data: {
          captureId: randomUUID(),
          connectorCaptureId: randomUUID(),
          connectorEventId: randomUUID(),
          occurredAt: '2026-11-21T09:00:00.000Z',
        },
      },
      metadata: {
        commandId: randomUUID(),
        commandType: 'RecordCaptureOutcome',
        commandIndex: 0,
        fingerprint: `1:${hashOfStreamName(name)}`,
        issuedAt: '2026-11-21T09:00:00.000Z',
        schemaVersion: 1,
      },
    }));
    return { name, events: encodeEvents(name, hashOfStreamName(name), decided).events };
  });

/** All that a log must hold of these streams' events, one line each. */
export const linesOf = (streams: readonly SampleStream[]): string[] =>
  streams.flatMap(({ name, events }) =>
    events.map((event) => `${canonicalJson(name)}${canonicalJson(event)}\n`),
  );

import { hashOfEvent, hashOfStreamName } from '#event-store/chain.js';
import { derivedId } from '#event-store/derived-id.js';
import { UnknownEvent, encodeEvents, eventDecoder } from '#event-store/event-codec.js';
import type { AnyEvent, Upcaster } from '#event-store/event-codec.js';
import { StreamUnusable } from '#event-store/event-store.js';
import type { RecordedEvent } from '#event-store/event-store.js';

const STREAM = 'authorization-default/auth-4711';

const metadata = {
  commandId: 'cmd-1',
  commandType: 'CreateCapture',
  commandIndex: 0,
  fingerprint: '1:none',
  issuedAt: '2026-11-21T09:00:00.000Z',
  schemaVersion: 1,
};
const created: AnyEvent = { type: 'CaptureCreated', data: { sequence: 1, captureId: 'cap-1' } };
const noted: AnyEvent = { type: 'Noted', data: { note: 'Grüße' } };

const decided = [
  { event: created, metadata },
  { event: noted, metadata: { ...metadata, commandIndex: 1 } },
];

const recorded = (event: Partial<RecordedEvent> = {}): RecordedEvent => ({
  ...encodeEvents(STREAM, hashOfStreamName(STREAM), decided).events[0]!,
  stream: STREAM,
  revision: 7,
  position: 42,
  recordedAt: 1_795_000_000_000,
  ...event,
});

describe('Events on their way to the store', () => {
  const { events, hash } = encodeEvents(STREAM, hashOfStreamName(STREAM), decided);

  it('have canonical data and metadata, whatever the order of their members', () => {
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'CaptureCreated', data: '{"captureId":"cap-1","sequence":1}' },
      { type: 'Noted', data: '{"note":"Grüße"}' },
    ]);
    expect(events[0]!.metadata).toBe(
      `{"commandId":"cmd-1","commandIndex":0,"commandType":"CreateCapture","fingerprint":"1:none",` +
        `"issuedAt":"2026-11-21T09:00:00.000Z","previous":"${hashOfStreamName(STREAM)}","schemaVersion":1}`,
    );
  });

  it('are chained to what precedes them, one to another, and tell the hash to go on from', () => {
    expect(JSON.parse(events[1]!.metadata)).toMatchObject({ previous: hashOfEvent(events[0]!) });
    expect(hash).toBe(hashOfEvent(events[1]!));
  });

  it('have the ids that their command gives them', () => {
    expect(events.map(({ eventId }) => eventId)).toEqual([
      derivedId(STREAM, 'cmd-1', 0),
      derivedId(STREAM, 'cmd-1', 1),
    ]);
  });

  it('are refused where no JSON can say them', () => {
    const lone = { event: { type: 'Noted', data: { note: '\ud83d' } }, metadata };
    expect(() => encodeEvents(STREAM, 'x', [lone])).toThrow('Lone surrogate');
  });
});

describe('Events on their way back', () => {
  const schemaVersions = new Map([
    ['CaptureCreated', 2],
    ['CaptureOpened', 1],
    ['Noted', 1],
  ]);
  const decode = eventDecoder({ schemaVersions, upcasters: new Map() });

  it('are what was written, with where they stand', () => {
    expect(decode(recorded())).toEqual({
      ...created,
      metadata: { ...metadata, previous: hashOfStreamName(STREAM) },
      stream: STREAM,
      revision: 7,
      position: 42,
      recordedAt: 1_795_000_000_000,
      eventId: derivedId(STREAM, 'cmd-1', 0),
    });
  });

  it('are brought up to date step by step', () => {
    const upcasters = new Map<string, Upcaster>([
      ['CaptureOpened', ({ data }) => ({ type: 'CaptureMade', data: { ...data, opened: true } })],
      ['CaptureMade', ({ data }) => ({ type: 'CaptureCreated', data: { ...data, made: true } })],
    ]);
    const decodeOld = eventDecoder({ schemaVersions, upcasters });
    expect(decodeOld(recorded({ type: 'CaptureOpened' }))).toMatchObject({
      type: 'CaptureCreated',
      data: { ...created.data, opened: true, made: true },
    });
    expect(decodeOld(recorded())).toMatchObject(created);
  });

  it('end the process where their type is of a newer release', () => {
    const newer = recorded({ type: 'CaptureSplit' });
    expect(() => decode(newer)).toThrow(UnknownEvent);
    expect(() => decode(newer)).toThrow(/auth-4711: revision 7 is CaptureSplit/);
  });

  it('end the process where their schema version is of a newer release', () => {
    const newer = recorded({ metadata: '{"schemaVersion":3}' });
    expect(() => decode(newer)).toThrow(UnknownEvent);
    expect(() => decode(newer)).toThrow(/schema version 3/);
    expect(decode(recorded({ metadata: '{"schemaVersion":2}' }))).toMatchObject(created);
  });

  it.each([
    ['data that is torn', { data: '{"pan":"4111' }],
    ['data that is a list', { data: '[]' }],
    ['metadata that is torn', { metadata: '{' }],
    ['metadata that is null', { metadata: 'null' }],
    ['metadata without a schema version', { metadata: '{}' }],
    ['a schema version that is text', { metadata: '{"schemaVersion":"1"}' }],
  ])('make their stream unusable where they have %s, and nothing of it is told', (_, damage) => {
    const read = () => decode(recorded(damage));
    expect(read).toThrow(StreamUnusable);
    expect(read).toThrow(/auth-4711: revision 7 has/);
    expect(read).not.toThrow(/4111/);
  });
});

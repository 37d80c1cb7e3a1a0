import { createHash } from 'node:crypto';
import { assert, constantFrom, jsonValue, nat, property, record, string } from 'fast-check';
import { canonicalJson } from '#event-store/canonical.js';
import { hashOfEvent, hashOfStreamName, startOfChain, verifyChain } from '#event-store/chain.js';
import { encodeEvents } from '#event-store/event-codec.js';
import { StreamUnusable } from '#event-store/event-store.js';
import type { RecordedEvent } from '#event-store/event-store.js';

const STREAM = 'authorization-default/auth-4711';

/** A stream of as many events as there are notes, as a store gives it back. */
const chained = (notes: readonly unknown[], stream = STREAM): RecordedEvent[] => {
  const decided = notes.map((note, index) => ({
    event: { type: 'CaptureSucceeded', data: { note } },
    metadata: {
      commandId: `cmd-${index}`,
      commandType: 'RecordCaptureOutcome',
      commandIndex: 0,
      fingerprint: '1:none',
      issuedAt: '2026-11-21T09:00:00.000Z',
      schemaVersion: 1,
    },
  }));
  return encodeEvents(stream, hashOfStreamName(stream), decided).events.map((event, revision) => ({
    ...event,
    stream,
    revision,
    position: 100 + revision,
    recordedAt: 0,
  }));
};

const change = (events: RecordedEvent[], at: number, to: Partial<RecordedEvent>) =>
  events.with(at, { ...events[at]!, ...to });

describe('The hash chain', () => {
  // Reckoned by openssl. They are in every ledger there is: they never change.
  it('begins with SHA-256 of the name of the stream', () => {
    expect(hashOfStreamName(STREAM)).toBe('65DZCDoMujqlSPGyH67e51n4DvvDJrSxy49j0Hg0wAE');
  });

  it('goes on with SHA-256 of the canonical event', () => {
    const event = {
      type: 'CaptureSucceeded',
      data: '{"amount":100}',
      metadata: '{"previous":"x"}',
    };
    expect(hashOfEvent(event)).toBe('uIdR_A_2O84_9zgf4NWIrBmLxf3n7TKJyzg0VkiCiAQ');
  });

  it('hashes the canonical form of the whole, whatever the parts', () => {
    assert(
      property(string({ unit: 'grapheme' }), jsonValue(), (type, data) => {
        const metadata = { previous: 'x' };
        const whole = canonicalJson({ type, data, metadata });
        const parts = { type, data: canonicalJson(data), metadata: canonicalJson(metadata) };
        expect(hashOfEvent(parts)).toBe(createHash('sha256').update(whole).digest('base64url'));
      }),
    );
  });

  it('is proved from the beginning, and tells where the stream stands', () => {
    const events = chained(['a', 'b', 'c']);
    const end = { revision: 2, hash: hashOfEvent(events[2]!) };
    expect(verifyChain(STREAM, events)).toEqual(end);
    expect(verifyChain(STREAM, [])).toEqual(startOfChain(STREAM));
  });

  it('is proved from a place that is known, on', () => {
    const events = chained(['a', 'b', 'c', 'd']);
    const middle = verifyChain(STREAM, events.slice(0, 2));
    expect(verifyChain(STREAM, events.slice(2), middle)).toEqual(verifyChain(STREAM, events));
  });

  it.each([
    ['an event taken out', chained('abcd'.split('')).toSpliced(1, 1), /revision 2 stands where 1/],
    ['its first event taken out', chained(['a', 'b']).slice(1), /revision 1 stands where 0 must/],
    ['an event twice', chained(['a', 'b']).flatMap((it) => [it, it]), /revision 0 stands where 1/],
    ['an event of another stream', chained(['a'], 'other'), /revision 0 belongs to other/],
    [
      'the history of another stream under its name',
      chained(['a'], 'other').map((event) => ({ ...event, stream: STREAM })),
      /revision 0 does not name the hash/,
    ],
    [
      'data that was changed',
      change(chained(['a', 'b', 'c']), 1, { data: '{"note":"x"}' }),
      /revision 2 does not name the hash/,
    ],
    [
      'a type that was changed',
      change(chained(['a', 'b', 'c']), 0, { type: 'CaptureFailed' }),
      /revision 1 does not name the hash/,
    ],
    [
      'metadata without a predecessor',
      change(chained(['a', 'b']), 1, { metadata: '{}' }),
      /revision 1 does not name the hash/,
    ],
    [
      'metadata that is null',
      change(chained(['a', 'b']), 1, { metadata: 'null' }),
      /revision 1 does not name the hash/,
    ],
    [
      'metadata that is torn',
      change(chained(['a', 'b']), 1, { metadata: '{"secret":"4111' }),
      /revision 1 has metadata that is not JSON$/,
    ],
  ])('is broken by %s', (_, events, why) => {
    expect(() => verifyChain(STREAM, events)).toThrow(StreamUnusable);
    expect(() => verifyChain(STREAM, events)).toThrow(why);
  });

  it('finds any single character that was changed, but for the last event', () => {
    const events = chained(['a', 'b', 'c', 'd', 'e']);
    const anywhere = record({
      at: nat(events.length - 2),
      member: constantFrom('data', 'metadata', 'type'),
      place: nat(),
    });
    assert(
      property(anywhere, ({ at, member, place }) => {
        const text = events[at]![member];
        const index = place % text.length;
        const other = text[index] === 'z' ? 'y' : 'z';
        const changed = text.slice(0, index) + other + text.slice(index + 1);
        expect(() => verifyChain(STREAM, change(events, at, { [member]: changed }))).toThrow(
          StreamUnusable,
        );
      }),
      { numRuns: 300 },
    );
  });
});

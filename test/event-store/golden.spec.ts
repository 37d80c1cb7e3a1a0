import { readFileSync } from 'node:fs';
import { schemaVersions } from '#capture/events.js';
import { upcasters } from '#capture/upcasters.js';
import { canonicalJson } from '#event-store/canonical.js';
import { hashOfEvent, verifyChain } from '#event-store/chain.js';
import { encodeEvents, eventDecoder } from '#event-store/event-codec.js';
import type { EventMetadata } from '#event-store/event-codec.js';
import type { RecordedEvent } from '#event-store/event-store.js';

type GoldenLine = Readonly<{
  type: string;
  data: Readonly<Record<string, unknown>>;
  metadata: EventMetadata;
  eventId: string;
  hash: string;
}>;

const STREAM = 'authorization-default/auth-4711';

/**
 * Events as they were written by the release that first knew their type, each with its id and hash:
 * the history of one stream, in the order of the file. A line is never changed or taken out.
 */
const golden = readFileSync(new URL('./golden/events.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

const lineOf = (text: string): GoldenLine => JSON.parse(text) as GoldenLine;

const recorded = (text: string, revision: number): RecordedEvent => {
  const { type, data, metadata, eventId } = lineOf(text);
  const place = { stream: STREAM, revision, position: revision + 1, recordedAt: 0 };
  return { type, data: canonicalJson(data), metadata: canonicalJson(metadata), eventId, ...place };
};

describe('The golden corpus', () => {
  it('has every event type that this build reads, and no other', () => {
    const types = golden.map((text) => lineOf(text).type);
    expect([...new Set(types)].toSorted()).toEqual([...schemaVersions.keys()].toSorted());
  });

  it('is written in the canonical form', () => {
    for (const text of golden) expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  it('is one unbroken chain', () => {
    const end = verifyChain(STREAM, golden.map(recorded));
    expect(end).toEqual({ revision: golden.length - 1, hash: lineOf(golden.at(-1)!).hash });
  });

  const decode = eventDecoder({ schemaVersions, upcasters });
  const decodeAsWritten = eventDecoder({ schemaVersions, upcasters: new Map() });

  it.each(golden.map((text, revision) => [lineOf(text).type, text, revision] as const))(
    'reads %s, and writes it as it was',
    (type, text, revision) => {
      const stored = recorded(text, revision);
      const { data, metadata, eventId, hash } = lineOf(text);
      expect(hashOfEvent(stored)).toBe(hash);
      expect(decodeAsWritten(stored)).toMatchObject({ type, data, metadata, eventId, revision });
      expect(schemaVersions.has(decode(stored).type)).toBe(true);

      const { previous, ...decided } = metadata;
      const again = encodeEvents(STREAM, previous, [{ event: { type, data }, metadata: decided }]);
      const { data: dataBytes, metadata: metadataBytes } = stored;
      expect(again).toEqual({
        events: [{ type, data: dataBytes, metadata: metadataBytes, eventId }],
        hash,
      });
    },
  );
});

import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import type { RecordedEvent } from '#event-store/event-store.js';
import { topicNames } from '#kafka/topic-names.js';
import { eventRecord } from '#projections/event-record.js';
import { decodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublishedRecord } from '#projections/publication-sink.js';
import { publishedViews } from '#projections/published-views.js';
import { tombstone } from '#projections/view-records.js';
import { anyCommands } from '../capture/arbitraries.js';
import { smallWorld, vastWorld } from '../capture/worlds.js';
import { HistoryWriter, logOf } from '../projections/history-writer.js';
import { foldedRecords } from '../projections/publishing/expected-views.js';
import { GrowingLog } from '../projections/publishing/growing-log.js';
import { KeptTopics } from '../projections/publishing/kept-topics.js';
import { publishAll } from '../projections/publishing/publication.js';
import { withoutOne, withSurprise } from './altered.js';
import type { Members } from './altered.js';
import { expectConforming, flawsOf } from './conformance.js';
import { nextBuild } from './published-day.js';
import { flawsBy } from './published-schemas.js';
import type { SeenRecord } from './seen-record.js';
import { aCheckpoint as checkpoint } from '../projections/publishing/a-checkpoint.js';

const topics = topicNames('test.');
const identity = { shard: 0, epoch: 1 };

/** As a reader sees it. */
const seen = (record: PublishedRecord) => ({ topic: topics[record.channel], ...record });

/** The corpus of all that was ever written, as one history. */
const golden: readonly RecordedEvent[] = readFileSync(
  'test/event-store/golden/events.ndjson',
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((line, revision) => {
    const { eventId, type, data, metadata } = JSON.parse(line) as Members & RecordedEvent;
    return {
      eventId,
      type,
      data: JSON.stringify(data),
      metadata: JSON.stringify(metadata),
      stream: 'authorization-shop/golden',
      revision,
      position: revision + 1,
      recordedAt: Date.UTC(2026, 10, 21, 9, revision),
    };
  });

const anyLog = fc
  .constantFrom(smallWorld, vastWorld)
  .chain(anyCommands)
  .map((commands) => {
    const writer = new HistoryWriter();
    return logOf(commands.map((command) => writer.decide(command)));
  });

/** What would be published of a log at its end. */
const recordsOf = (log: readonly RecordedEvent[]) =>
  [
    ...log.map((event) => eventRecord(event, identity)),
    ...foldedRecords(log, publishedViews, identity),
  ].map(seen);

const withValue = (record: SeenRecord, value: Members): SeenRecord => ({
  ...record,
  value: JSON.stringify(value),
});

/** Members of views in whose objects some may be left out. */
const LOOSE = ['error', 'cartItems'];

class AllCheckpoints extends KeptTopics {
  readonly checkpoints: string[] = [];

  override commit(transaction: Parameters<KeptTopics['commit']>[0]): void {
    super.commit(transaction);
    this.checkpoints.push(transaction.checkpoint.toString());
  }
}

const checkpointRecord = (value: string): SeenRecord => ({
  topic: topics.checkpoints,
  key: '0',
  value,
  headers: { 'content-type': 'application/json' },
});

/** A member of a checkpoint, or one that nobody knows, and something else in its place. */
const anyChange = fc.tuple(
  fc.constantFrom(...Object.keys(checkpoint), 'surprise'),
  fc.oneof(
    fc.constantFrom(undefined, null, '', 'x', 0, -1, 1, 1.5, 2 ** 53, {}, [], { capture: 0 }),
    fc.record(
      { views: fc.constantFrom({}, { x: 1 }), after: fc.nat(), until: fc.nat(), more: fc.nat() },
      { requiredKeys: ['views', 'after'] },
    ),
    fc.jsonValue({ maxDepth: 2 }),
  ),
);

describe('What is published is what docs/messages says:', () => {
  const goldenRecords = recordsOf(golden);
  const goldenViews = goldenRecords.filter(({ channel }) => channel !== 'events');

  it('every event of the corpus, and the views of it', () => {
    for (const record of goldenRecords) expectConforming(record);
    expect(new Set(goldenViews.map(({ channel }) => channel)).size).toBe(publishedViews.length);
  });

  it('and no view with a member too many, or one too few, at any depth', () => {
    for (const record of goldenViews) {
      const value = JSON.parse(record.value!) as Members;
      for (const other of [...withSurprise(value), ...withoutOne(value, LOOSE)])
        expect(flawsOf(withValue(record, other))).not.toEqual([]);
    }
  });

  it('and no record without one of its headers, or with another one', () => {
    const maybe = new Set(['ce_causationid', 'ce_correlationid']);
    for (const record of goldenRecords) {
      for (const name of Object.keys(record.headers)) {
        const { [name]: _, ...headers } = record.headers;
        expect([name, flawsOf({ ...record, headers }).length > 0]).toEqual([
          name,
          !maybe.has(name),
        ]);
      }
      const headers = { ...record.headers, surprise: '1' };
      expect(flawsOf({ ...record, headers })).not.toEqual([]);
    }
  });

  it('and none under the key of another', () => {
    for (const record of goldenRecords)
      expect(flawsOf({ ...record, key: `${record.key}/x` })).not.toEqual([]);
  });

  it('every event and view of histories at random, sums beyond 2^53 among them', () => {
    let texts = 0;
    for (const log of fc.sample(anyLog, { seed: 20_261_121, numRuns: 150 })) {
      for (const record of recordsOf(log)) {
        expectConforming(record);
        if (record.channel === 'final-capture' && /:"\d{16,}"/.test(record.value!)) texts += 1;
      }
    }
    expect(texts).toBeGreaterThan(0);
  });

  it('every record and every checkpoint of a publisher, one that raises a version among them', async () => {
    const all = new AllCheckpoints();
    for (const log of fc.sample(anyLog, { seed: 20_261_121, numRuns: 20 })) {
      const kept = new AllCheckpoints();
      const growing = new GrowingLog(log);
      growing.catchUp();
      await publishAll(growing, kept);
      await publishAll(growing, kept, nextBuild);
      all.records.push(...kept.records);
      all.checkpoints.push(...kept.checkpoints);
    }
    for (const record of all.records) expectConforming(seen(record));
    expect(all.records.some(({ value }) => value === null)).toBe(true);
    for (const value of all.checkpoints) expectConforming(checkpointRecord(value));
    expect(all.checkpoints.some((value) => value.includes('republication'))).toBe(true);
  });

  it('and no tombstone of an event, under the key of another view, or with a header', () => {
    const deleted = seen(tombstone('capture', 'shop/a1/c1'));
    expectConforming(deleted);
    for (const other of [
      { ...deleted, topic: topics.events },
      { ...deleted, topic: topics['capture-sequence'] },
      { ...deleted, headers: { 'content-type': 'application/json' } },
    ])
      expect(flawsOf(other)).not.toEqual([]);
  });

  it('and a checkpoint is one if and only if the ledger reads it', () => {
    fc.assert(
      fc.property(anyChange, ([name, value]) => {
        const text = JSON.stringify({ ...checkpoint, [name]: value });
        const isRead = decodeCheckpoint(Buffer.from(text)) !== undefined;
        expect([text, flawsBy('checkpoint.json', JSON.parse(text)).length === 0]).toEqual([
          text,
          isRead,
        ]);
      }),
      { numRuns: 2_000 },
    );
    const flaws = flawsOf({ ...checkpointRecord(JSON.stringify(checkpoint)), key: 'shard' });
    expect(flaws).toEqual(['the key is no shard']);
  });
});

import * as fc from 'fast-check';
import type { RecordedEvent } from '#event-store/event-store.js';
import { publishFrom } from '#projections/publish-from.js';
import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublishedRecord } from '#projections/publication-sink.js';
import { publishedViews } from '#projections/published-views.js';
import { multiple, requested, succeeded } from '../../capture/fixtures.js';
import { HistoryWriter, key, logOf } from '../history-writer.js';
import { anyLog } from '../lives.js';
import { ledgerIn } from './expected-views.js';
import { GrowingLog } from './growing-log.js';
import { KeptSink, KeptTopics } from './kept-topics.js';
import type { Fault } from './kept-topics.js';
import { nextBuild, sequenceWithCount } from './next-build.js';
import {
  expectEachEventOnce,
  expectNoViewSetBack,
  expectTheFold,
  publishAll,
  PublishingProcess,
} from './publication.js';

const tombstonesIn = (topics: KeptTopics): readonly string[] =>
  topics.records.flatMap(({ channel, key: of, value }) =>
    value === null ? [`${channel} ${of}`] : [],
  );

/** Every row is published, and the keys are being read. */
const isAtKeys = (at: PublicationCheckpoint | undefined): boolean =>
  at?.republication !== undefined && at.republication.after === at.republication.until;

const versionOf = ({ channel, value }: PublishedRecord): number =>
  value === null || channel === 'events' ? 0 : ledgerIn(value).viewVersion;

/** So many authorizations with two captures each: more rows than one page. */
const manyAuthorizations = (authorizations: number): readonly RecordedEvent[] => {
  const writer = new HistoryWriter();
  return logOf(
    Array.from({ length: authorizations }, (_, index) =>
      writer.encode(key(`a${index}`), [
        multiple(),
        requested('c1', 10_00),
        requested('c2', 20_00, { sequence: 2 }),
      ]),
    ),
  );
};

describe('a view in a new version', () => {
  const all = [...manyAuthorizations(1_010)];
  const log = new GrowingLog(all);
  log.catchUp();
  const published = new KeptTopics();
  beforeAll(() => publishAll(log, published));

  it('is published once for every key, and the keys that it lacks are deleted; nothing else is', async () => {
    const topics = published.copy();
    const before = topics.records.length;
    const told = await publishAll(log, topics, nextBuild);
    const again = topics.records.slice(before);
    const count = (channel: string, version: number) =>
      again.filter((one) => one.channel === channel && versionOf(one) === version).length;
    expect(count('capture-sequence', 2)).toBe(1_010);
    expect(count('refund-balance', 2)).toBe(1_010);
    expect(count('refund-balance', 0)).toBe(1_010);
    expect(again).toHaveLength(3_030);
    expectTheFold(topics, log, nextBuild);
    expectNoViewSetBack(topics);
    expect(topics.at).toMatchObject({
      views: { 'capture-sequence': 2, 'final-capture': 1, 'refund-balance': 2, capture: 1 },
    });
    expect(topics.at).not.toHaveProperty('republication');
    const views = ['capture-sequence', 'refund-balance'];
    expect(told.progress.at(0)).toMatchObject({ views, total: 3_030, over: false });
    expect(told.progress.at(-1)).toEqual({
      views,
      done: 3_030,
      total: 3_030,
      deleted: 1_010,
      over: true,
    });
  });

  it('is republished from where it was when its publisher was killed, at any page', async () => {
    // Pages of rows, a few of keys, and the end; the first call is that which opens the sink.
    for (const calls of [1, 2, 3, 4]) {
      for (const death of ['killed', 'killedAfter'] as const) {
        const topics = published.copy();
        const before = topics.records.length;
        const faults: (Fault | undefined)[] = Array.from({ length: calls }, () => undefined);
        const publishing = new PublishingProcess(log, topics, {
          faults: [...faults, death],
          published: nextBuild,
        });
        await publishing.caughtUp();
        expect(publishing.dead).toBe(true);
        await publishAll(log, topics, nextBuild);
        const again = topics.records.slice(before).filter((one) => versionOf(one) > 0);
        expect(again).toHaveLength(2_020);
        expectTheFold(topics, log, nextBuild);
        expectNoViewSetBack(topics);
      }
    }
  });

  it('does not keep new events waiting', async () => {
    const more = new GrowingLog([...all, ...continued(all)]);
    more.append(all.length);
    more.project(all.length);
    const topics = published.copy();
    const publishing = new PublishingProcess(more, topics, { published: nextBuild });
    await publishing.reached((at) => at?.republication !== undefined);
    more.catchUp();
    await publishing.caughtUp();
    await publishing.stop();
    const [last] = topics.of('events').slice(-1);
    const later = topics.records.slice(topics.records.indexOf(last!));
    // The last row, of which nothing new was heard.
    expect(later.map((one) => one.key)).toContain('default/a1009');
    expectEachEventOnce(topics, more);
    expectTheFold(topics, more, nextBuild);
    expectNoViewSetBack(topics);
  });

  it('waits where the views have been lost, before its rows and before its keys', async () => {
    for (const rowsAreDone of [false, true]) {
      const topics = published.copy();
      const small = new GrowingLog(all);
      small.catchUp();
      if (!rowsAreDone) small.loseViews(30);
      const publishing = new PublishingProcess(small, topics, { published: nextBuild });
      if (rowsAreDone) {
        await publishing.reached(isAtKeys);
        small.loseViews(30);
      }
      await publishing.turns(50);
      expect(tombstonesIn(topics)).toEqual([]);
      small.catchUp();
      await publishing.caughtUp();
      await publishing.stop();
      expectTheFold(topics, small, nextBuild);
      expectNoViewSetBack(topics);
    }
  });

  it('is begun anew where another build wants other versions', async () => {
    const topics = published.copy();
    const withSequence = publishedViews.map((view) =>
      view.name === 'capture-sequence' ? sequenceWithCount : view,
    );
    const publishing = new PublishingProcess(log, topics, { published: withSequence });
    await publishing.reached((at) => (at?.republication?.after ?? 0) > 0);
    publishing.kill();
    await publishAll(log, topics, nextBuild);
    expectTheFold(topics, log, nextBuild);
    expectNoViewSetBack(topics);
  });

  it('is not touched by the build before it', async () => {
    const topics = published.copy();
    await publishAll(log, topics, nextBuild);
    const older = new PublishingProcess(log, topics);
    await expect(older.running).resolves.toMatch(
      /^version 2 of the view .* start the newer build$/,
    );
  });

  it('is published in transactions of some 4 MiB, however large the records are that are made of a row', async () => {
    const writer = new HistoryWriter();
    const reference = 'x'.repeat(60_000);
    const large = new GrowingLog(
      logOf(
        Array.from({ length: 150 }, (_, index) =>
          writer.encode(key(`a${index}`), [multiple(), requested('c1', 1, { reference })]),
        ),
      ),
    );
    large.catchUp();
    const topics = new KeptTopics();
    await publishFrom({ store: large.store, sink: new KeptSink(topics) }, 'head');
    await publishAll(large, topics);
    const bytes = topics.transactions.map((end, index, ends) =>
      topics.records
        .slice(ends[index - 1] ?? 0, end)
        .reduce((sum, { value }) => sum + (value?.length ?? 0), 0),
    );
    const ofRow = bytes.reduce((sum, one) => sum + one, 0) / 150;
    expect(Math.max(...bytes)).toBeLessThanOrEqual(4 * 1024 * 1024 + ofRow);
    expectTheFold(topics, large);
  });

  it('deletes a key once in each view that lacks it, however often it was written', async () => {
    const topics = published.copy();
    const foreign = { key: 'no/such', value: '{}', headers: {} };
    for (const channel of ['capture-sequence', 'final-capture', 'capture-sequence'] as const)
      topics.records.push({ ...foreign, channel }, { ...foreign, channel });
    await publishFrom({ store: log.store, sink: new KeptSink(topics) }, 'head');
    const told = await publishAll(log, topics);
    expect(tombstonesIn(topics)).toEqual(['capture-sequence no/such', 'final-capture no/such']);
    expect(told.progress.at(-1)).toMatchObject({ deleted: 2, over: true });
  });

  it('is whole also where its topic was lost, or filled by a stranger', async () => {
    const topics = published.copy();
    const foreign = {
      channel: 'capture-sequence',
      key: 'no/such',
      value: '{}',
      headers: {},
    } as const;
    topics.records.push(foreign, { ...foreign, key: 'a/b/c/d' }, { ...foreign, key: '' });
    await publishAll(log, topics, nextBuild);
    expectTheFold(topics, log, nextBuild);
  });
});

/** The next events of every tenth of these authorizations. */
const continued = (all: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  const writer = new HistoryWriter();
  return logOf(
    Array.from({ length: all.length / 3 }, (_, index) => {
      const to = key(`a${index}`);
      writer.encode(to, [
        multiple(),
        requested('c1', 10_00),
        requested('c2', 20_00, { sequence: 2 }),
      ]);
      return index % 10 === 0 ? [writer.encode(to, [succeeded('c1')])] : [];
    }).flat(),
  ).map((event) => ({ ...event, position: event.position + all.length }));
};

describe('whatever fails while views are published again', () => {
  const anyFaults = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Fault[]>('refused', 'lost', 'late', 'fenced', 'killed'),
      },
    ),
    { minLength: 20, maxLength: 40 },
  );

  it('what compaction leaves is the fold of the new versions, and no view was set back', () =>
    fc.assert(
      fc.asyncProperty(
        anyLog,
        anyFaults,
        fc.array(fc.nat({ max: 40 }), { minLength: 20, maxLength: 20 }),
        async (all, faults, steps) => {
          const log = new GrowingLog(all);
          log.append(Math.floor(all.length / 2));
          log.project(all.length);
          const topics = new KeptTopics();
          await publishAll(log, topics);
          const left = [...faults];
          const start = () =>
            new PublishingProcess(log, topics, { faults: left, published: nextBuild });
          let publishing = start();
          for (const much of steps) {
            await publishing.turns(much);
            if (publishing.dead) publishing = start();
            if (much % 2 === 0) log.append(much);
            else if (much % 5 === 0) log.loseViews(Math.max(0, log.shown - much));
            else log.project(much);
          }
          publishing.kill();
          log.catchUp();
          await publishAll(log, topics, nextBuild);
          expectEachEventOnce(topics, log);
          expectTheFold(topics, log, nextBuild);
          expectNoViewSetBack(topics);
        },
      ),
      { numRuns: 30, endOnFailure: true },
    ));
});

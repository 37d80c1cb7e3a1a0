import { jest } from '@jest/globals';
import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { encodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';
import { lastPublished, NoEventAtPosition, publishFrom } from '#projections/publish-from.js';
import { Publisher } from '#projections/publisher.js';
import { authorization, multiple, requested, succeeded, voided } from '../../capture/fixtures.js';
import { HistoryWriter, key, logOf } from '../history-writer.js';
import { ledgerIn } from './expected-views.js';
import { GrowingLog } from './growing-log.js';
import { KeptSink, KeptTopics } from './kept-topics.js';
import {
  expectEachEventOnce,
  expectNoViewSetBack,
  expectTheFold,
  haltOf,
  publishAll,
  PublishingProcess,
  Told,
} from './publication.js';
import { QuickClock } from './quick-clock.js';

jest.setTimeout(60_000);

/** So many authorizations, each registered and then captured. */
const shopDay = (authorizations: number, merchant = 'shop'): readonly RecordedEvent[] => {
  const writer = new HistoryWriter();
  const keys = Array.from({ length: authorizations }, (_, index) => key(`a${index}`, merchant));
  return logOf([
    ...keys.map((to) => writer.encode(to, [multiple()])),
    ...keys.map((to) => writer.encode(to, [requested('c1', 10_00), succeeded('c1')])),
  ]);
};

const shownLog = (all: readonly RecordedEvent[]): GrowingLog => {
  const log = new GrowingLog(all);
  log.catchUp();
  return log;
};

/** Topics to which a log was published, and whose checkpoint then was changed. */
const publishedWith = async (
  log: GrowingLog,
  changes: Partial<PublicationCheckpoint>,
): Promise<KeptTopics> => {
  const topics = new KeptTopics();
  await publishAll(log, topics);
  topics.checkpoint = encodeCheckpoint({ ...topics.at!, ...changes });
  return topics;
};

const UUID = '[\\da-f]{8}-[\\da-f-]{27}';

const renumbered = (events: readonly RecordedEvent[], after: number): readonly RecordedEvent[] =>
  events.map((event, index) => ({ ...event, position: after + index + 1 }));

describe('a publisher', () => {
  it('publishes what there is in batches of at most 2 000 events, and goes on with what comes', async () => {
    const log = new GrowingLog(shopDay(1_700));
    log.append(5_000);
    log.project(5_000);
    const topics = new KeptTopics();
    const publishing = new PublishingProcess(log, topics);
    await publishing.caughtUp();
    expect(publishing.told.batches.map(({ events }) => events)).toEqual([2_000, 2_000, 1_000]);
    log.catchUp();
    await publishing.caughtUp();
    await publishing.stop();
    expectEachEventOnce(topics, log);
    expectTheFold(topics, log);
    expect(topics.at).toMatchObject({ position: 5_100, asOf: 5_100 });
    expect(publishing.told.from).toEqual([0]);
    expect(publishing.told.troubles).toEqual([]);
  });

  it('publishes each touched view once a batch, however many events touch it', async () => {
    const topics = new KeptTopics();
    await publishAll(shownLog(shopDay(1)), topics);
    expect(topics.records.map(({ channel, key: of }) => `${channel} ${of}`)).toEqual([
      'events shop/a0',
      'events shop/a0',
      'events shop/a0',
      'capture-sequence shop/a0',
      'final-capture shop/a0',
      'refund-balance shop/a0/c1',
      'capture shop/a0/c1',
    ]);
  });

  it('waits for the views, and never publishes an event before they show it', async () => {
    const log = new GrowingLog(shopDay(2));
    const topics = new KeptTopics();
    const publishing = new PublishingProcess(log, topics);
    await publishing.caughtUp();
    log.append(6);
    await publishing.turns(20);
    expect(topics.of('events')).toHaveLength(0);
    log.project(3);
    await publishing.caughtUp();
    await publishing.turns(20);
    expect(topics.of('events')).toHaveLength(3);
    log.project(3);
    await publishing.caughtUp();
    await publishing.stop();
    expectEachEventOnce(topics, log);
  });

  it('waits where the views have been lost since it published what they showed', async () => {
    const writer = new HistoryWriter();
    const others = Array.from({ length: 2_200 }, (_, index) => key(`b${index}`));
    const log = shownLog(
      logOf([
        writer.encode(key('a1'), [multiple()]),
        ...others.slice(0, 2_050).map((to) => writer.encode(to, [authorization()])),
        writer.encode(key('a1'), [requested('c1', 10_00)]),
        ...others.slice(2_050).map((to) => writer.encode(to, [authorization()])),
        writer.encode(key('a1'), [succeeded('c1')]),
      ]),
    );
    const topics = new KeptTopics();
    // The first batch ends at 2 000, and has a1 as the end of the log has it.
    const killed = new PublishingProcess(log, topics, {
      faults: [undefined, undefined, undefined, 'killed'],
    });
    await killed.reached((at) => at !== undefined);
    killed.kill();
    expect(topics.at).toMatchObject({ position: 2_000, asOf: 2_203 });

    log.loseViews(2_100);
    const publishing = new PublishingProcess(log, topics);
    await publishing.turns(20);
    log.catchUp();
    await publishing.caughtUp();
    await publishing.stop();
    expectNoViewSetBack(topics);
    expectEachEventOnce(topics, log);
    expectTheFold(topics, log);
  });

  it('is told that the views have come further', async () => {
    const log = shownLog(shopDay(1));
    const topics = new KeptTopics();
    const asleep = Promise.withResolvers<void>();
    class SleepyClock extends QuickClock {
      override wait(_: number, signal: AbortSignal): Promise<void> {
        asleep.resolve();
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      }
    }
    const told = new Told();
    const published = Promise.withResolvers<void>();
    const publisher = new Publisher({
      store: log.store,
      views: log.views,
      sink: new KeptSink(topics),
      clock: new SleepyClock(),
      observer: Object.assign(told, { published: () => published.resolve() }),
    });
    log.loseViews(0);
    const stopping = new AbortController();
    const running = publisher.run(stopping.signal);
    await asleep.promise;
    log.catchUp();
    publisher.wake();
    await published.promise;
    stopping.abort();
    await running;
    expectEachEventOnce(topics, log);
  });

  it('says how far it is, and how long readers waited', async () => {
    const told = await publishAll(shownLog(shopDay(1)), new KeptTopics());
    const [batch] = told.batches;
    expect(batch).toMatchObject({ events: 3, records: 7, position: 3 });
    // By the test's clock it is nine o'clock, and nobody has waited for more than a poll or two.
    expect(batch?.behind).toBeLessThanOrEqual(1_000);
  });

  it('publishes the events of a stream that cannot be used, and its views as far as they went', async () => {
    const writer = new HistoryWriter();
    const events = logOf([
      writer.encode(key('a1'), [authorization()]),
      writer.encode(key('a2'), [authorization()]),
      writer.encode(key('a1'), [voided]),
      writer.encode(key('a2'), [voided]),
    ]).map((event, index) => (index === 2 ? { ...event, metadata: 'torn' } : event));
    const log = shownLog(events);
    const topics = new KeptTopics();
    await publishAll(log, topics);
    expectEachEventOnce(topics, log);
    expectTheFold(topics, log);
    const views = [...topics.compacted('final-capture')].map(([of, value]) => [
      of,
      ledgerIn(value).revision,
    ]);
    expect(views).toEqual([
      ['default/a1', 0],
      ['default/a2', 1],
    ]);
  });

  it('publishes no views of streams that hold refusals alone', async () => {
    const writer = new HistoryWriter();
    const refused = {
      type: 'CommandRejected',
      data: { commandType: 'CreateCapture', reason: 'authorization_unknown', details: {} },
    } as const;
    const topics = new KeptTopics();
    await publishAll(shownLog(logOf([writer.encode(key('a1'), [refused])])), topics);
    expect(topics.records.map(({ channel }) => channel)).toEqual(['events']);
  });

  it('cuts a batch where its events are large', async () => {
    const writer = new HistoryWriter();
    const details = { why: 'x'.repeat(60_000) };
    const refused = {
      type: 'CommandRejected',
      data: { commandType: 'CreateCapture', reason: 'authorization_unknown', details },
    } as const;
    const log = shownLog(
      logOf(Array.from({ length: 150 }, () => writer.encode(key('a1'), [refused]))),
    );
    const topics = new KeptTopics();
    const told = await publishAll(log, topics);
    expect(told.batches.map(({ events }) => events)).toEqual([70, 70, 10]);
    expectEachEventOnce(topics, log);
  });

  it('cuts a batch where the documents that its events touch are large', async () => {
    const writer = new HistoryWriter();
    const reference = 'x'.repeat(60_000);
    const keys = Array.from({ length: 200 }, (_, index) => key(`a${index}`));
    const log = shownLog(
      logOf([
        ...keys.map((to) => writer.encode(to, [multiple(), requested('c1', 1, { reference })])),
        ...keys.map((to) => writer.encode(to, [succeeded('c1')])),
      ]),
    );
    const topics = new KeptTopics();
    const told = await publishAll(log, topics);
    expect(told.batches.length).toBeGreaterThanOrEqual(5);
    expect(Math.max(...told.batches.map(({ events }) => events))).toBeLessThanOrEqual(142);
    expectEachEventOnce(topics, log);
    expectTheFold(topics, log);
  });
});

describe('a publisher that fails', () => {
  it('says so, and begins again where the topics are', async () => {
    const log = shownLog(shopDay(3));
    const topics = new KeptTopics();
    const faults = ['refused', undefined, 'lost', undefined, 'fenced'] as const;
    const publishing = new PublishingProcess(log, topics, { faults: [...faults] });
    await publishing.caughtUp();
    await publishing.stop();
    expect(publishing.told.troubles).toEqual(['refused', 'no answer']);
    expect(publishing.told.timesFenced).toBe(1);
    expect(publishing.told.from).toEqual([0, 9, 9]);
    expectEachEventOnce(topics, log);
  });

  it('hears from the broker that another has taken over, and lets it work for longer than it takes to begin', async () => {
    const log = new GrowingLog(shopDay(3));
    log.append(6);
    log.project(6);
    const topics = new KeptTopics();
    const clock = new QuickClock();
    const told = new Told();
    const stopping = new AbortController();
    let fencedAt = 0;
    const publisher = new Publisher({
      store: log.store,
      views: log.views,
      sink: new KeptSink(topics, [undefined, 'fenced']),
      clock,
      observer: Object.assign(told, {
        fenced: () => void (fencedAt = clock.now()),
        published: () => stopping.abort(),
      }),
    });
    await publisher.run(stopping.signal);
    expect(fencedAt).toBeGreaterThan(0);
    expect(clock.now() - fencedAt).toBeGreaterThanOrEqual(5_000);
    expect(topics.of('events')).toHaveLength(6);
  });

  it('tries again where store or views are away, and ends where the store is broken', async () => {
    const log = shownLog(shopDay(3));
    const topics = new KeptTopics();
    const errors = [new StoreUnavailable('busy', 'busy'), new StoreBroken('the disk is gone')];
    const told = new Told();
    const readAll = (after: number, limit: number) => {
      const error = errors.shift();
      return error ? Promise.reject(error) : log.store.readAll(after, limit);
    };
    const publisher = new Publisher({
      store: Object.assign(Object.create(log.store) as typeof log.store, { readAll }),
      views: log.views,
      sink: new KeptSink(topics),
      clock: new QuickClock(),
      observer: told,
    });
    await expect(publisher.run(new AbortController().signal)).rejects.toThrow(StoreBroken);
    expect(told.troubles).toEqual(['busy']);
    expect(topics.publisher).toBeDefined();
    expect(topics.records).toEqual([]);
  });
});

describe('a publisher whose topics were made anew', () => {
  const all = shopDay(3);

  it('publishes every key of a view once more, and nothing else', async () => {
    const log = shownLog(all);
    const topics = await publishedWith(log, {});
    const before = topics.records.length;
    topics.lose('refund-balance');
    const publishing = new PublishingProcess(log, topics);
    await publishing.turns(200);
    await publishing.stop();
    expect(publishing.told.from).toEqual([9]);
    expectTheFold(topics, log);
    expect(topics.of('refund-balance')).toHaveLength(3);
    expect(topics.records).toHaveLength(before);
  });

  it('publishes it also where what was written first was aborted', async () => {
    const log = shownLog(all);
    const topics = await publishedWith(log, {});
    topics.lose('refund-balance');
    // Fenced, told that a view was lost, and ended in the commit of its records.
    const ended = new PublishingProcess(log, topics, {
      faults: [undefined, undefined, 'killed'],
    });
    await ended.turns(50);
    expect(ended.dead).toBe(true);
    expect(topics.written).toContain('refund-balance');
    expect(topics.of('refund-balance')).toEqual([]);
    const publishing = new PublishingProcess(log, topics);
    await publishing.turns(200);
    await publishing.stop();
    expectTheFold(topics, log);
  });

  it('publishes a view from its first key, of which some were published when it was lost', async () => {
    const log = shownLog(all);
    const topics = await publishedWith(log, {});
    const { 'final-capture': version, ...views } = topics.at!.views;
    const republication = { views: { 'final-capture': version! }, after: 2, until: 3 };
    topics.checkpoint = encodeCheckpoint({ ...topics.at!, views, republication });
    topics.lose('final-capture');
    await publishAll(log, topics);
    expect(topics.of('final-capture')).toHaveLength(3);
    expectTheFold(topics, log);
  });

  it('halts where that of the events was lost, and goes on from where it is told', async () => {
    const log = shownLog(all);
    const topics = await publishedWith(log, {});
    topics.lose('events');
    await expect(haltOf(log, topics)).resolves.toBe(
      'the events after position 0 up to 9 were published, and nothing was ever written to their topic, ' +
        'as where it was lost and made anew: ' +
        'say where to go on with "capture-ledger publish --from start", "head" or a position',
    );
    const sink = new KeptSink(topics);
    await publishFrom({ store: log.store, sink }, 'start');
    await publishAll(log, topics);
    expectEachEventOnce(topics, log);
  });

  it('goes on where it was told to begin after events that it never published', async () => {
    const old = shownLog(all.slice(0, 6));
    const topics = new KeptTopics();
    await publishFrom({ store: old.store, sink: new KeptSink(topics) }, 'head');
    await publishAll(old, topics);
    expect(topics.of('events')).toEqual([]);
    const log = shownLog(all);
    await publishAll(log, topics);
    expect(topics.of('events')).toHaveLength(3);
    topics.lose('events');
    await expect(haltOf(log, topics)).resolves.toMatch(/^the events after position 6 up to 9 were/);
  });
});

describe('a publisher that must not go on', () => {
  const all = shopDay(3);

  it('halts where events are published and the checkpoint is lost', async () => {
    const topics = await publishedWith(shownLog(all), {});
    topics.checkpoint = null;
    await expect(haltOf(shownLog(all), topics)).resolves.toBe(
      'events are published, and there is no checkpoint of shard 0: ' +
        'say where to go on with "capture-ledger publish --from start", "head" or a position',
    );
  });

  it('halts where the store ends before the checkpoint, as one from a backup does', async () => {
    const topics = await publishedWith(shownLog(all), {});
    const restored = shownLog(all.slice(0, 5));
    await expect(haltOf(restored, topics)).resolves.toBe(
      `event ${all[8]!.eventId} is published as that of position 9, and there the store has none, ` +
        'and ends at 5: it is not the store that was published; ' +
        'one from a backup is to be made by "capture-ledger restore"',
    );
  });

  it('halts where such a store has grown past the checkpoint', async () => {
    const topics = await publishedWith(shownLog(all), {});
    const grown = shownLog([...all.slice(0, 5), ...renumbered(shopDay(5, 'other'), 5)]);
    await expect(haltOf(grown, topics)).resolves.toMatch(
      new RegExp(
        `^event ${all[8]!.eventId} is published .* there the store has ${UUID}: it is not`,
      ),
    );
  });

  it.each([
    ['ends there', all.slice(0, 6), 'none, and ends at 6'],
    ['has grown since', [...all.slice(0, 6), ...renumbered(shopDay(5, 'other'), 6)], UUID],
  ])(
    'halts where the store was set back to between the last event and the views that readers have, and %s',
    async (_, events, there) => {
      // As by a snapshot of its disk: nobody has restored it.
      const { eventId } = all[3]!;
      const topics = await publishedWith(shownLog(all), { position: 4, eventId });
      expect(topics.at).toMatchObject({ asOf: 9, asOfEventId: all[8]!.eventId });
      await expect(haltOf(shownLog(events), topics)).resolves.toMatch(
        new RegExp(
          `^event ${all[8]!.eventId} is shown by published views as that of position 9, ` +
            `and there the store has ${there}: it is not the store that was published`,
        ),
      );
    },
  );

  it('leaves alone whoever may go on, however often it looks', async () => {
    const log = new GrowingLog(all);
    log.append(6);
    log.project(6);
    const topics = new KeptTopics();
    const right = new PublishingProcess(log, topics);
    await right.caughtUp();
    const other = shownLog(shopDay(3, 'other'));
    for (const words of [await haltOf(other, topics), await haltOf(other, topics)])
      expect(words).toMatch(/it is not the store that was published/);
    log.catchUp();
    await right.caughtUp();
    await right.stop();
    expect(right.told.timesFenced).toBe(0);
    expectEachEventOnce(topics, log);
  });

  it('halts also where that was committed while it took over', async () => {
    const log = shownLog(all);
    const topics = await publishedWith(log, {});
    const newer = encodeCheckpoint({ ...topics.at!, views: { capture: 2 } });
    class LateSink extends KeptSink {
      override async fence(): Promise<void> {
        await super.fence();
        topics.checkpoint = newer;
      }
    }
    const told = new Told();
    const publisher = new Publisher({
      store: log.store,
      views: log.views,
      sink: new LateSink(topics),
      clock: new QuickClock(),
      observer: told,
    });
    await expect(publisher.run(new AbortController().signal)).resolves.toBe(
      'version 2 of the view capture is published: start the newer build',
    );
    expect(told.from).toEqual([]);
  });

  it('halts where a later life of the store is published', async () => {
    const topics = await publishedWith(shownLog(all), { epoch: 2 });
    await expect(haltOf(shownLog(all), topics)).resolves.toMatch(
      /^epoch 2 is published, and this store is in epoch 1: /,
    );
  });

  it('halts where a newer build has published, or has begun to', async () => {
    const newer = await publishedWith(shownLog(all), { views: { capture: 2 } });
    const words = 'version 2 of the view capture is published: start the newer build';
    await expect(haltOf(shownLog(all), newer)).resolves.toBe(words);
    const republication = { views: { capture: 2 }, after: 1, until: 9 };
    const begun = await publishedWith(shownLog(all), { republication });
    await expect(haltOf(shownLog(all), begun)).resolves.toBe(words);
  });

  it('halts where the checkpoint is none that it knows', async () => {
    const topics = await publishedWith(shownLog(all), {});
    topics.checkpoint = Buffer.from('{"position":9}');
    await expect(haltOf(shownLog(all), topics)).resolves.toBe(
      'the checkpoint of shard 0 cannot be read by this build: start the newer build',
    );
  });

  it('does not publish views of a past that the store no longer has', async () => {
    const log = shownLog(all);
    const foreign = shownLog(shopDay(3, 'other'));
    const topics = new KeptTopics();
    const publishing = new PublishingProcess(
      Object.assign(new GrowingLog([]), { store: log.store, views: foreign.views }),
      topics,
    );
    await publishing.turns(50);
    await publishing.stop();
    expect(publishing.told.from).toEqual([0]);
    expect(topics.records).toEqual([]);
  });
});

describe('an operator who says where to go on', () => {
  const all = shopDay(3);

  it.each([
    ['start', 0],
    ['head', 9],
    [4, 4],
  ] as const)('from %s', async (from, position) => {
    const log = shownLog(all);
    const topics = await publishedWith(log, {});
    topics.checkpoint = null;
    topics.records.splice(0);
    const sink = new KeptSink(topics);
    await expect(publishFrom({ store: log.store, sink }, from)).resolves.toBe(position);
    const told = await publishAll(log, topics);
    expect(told.from).toEqual([position]);
    expectEachEventOnce(topics, log, position);
    expectTheFold(topics, log);
    expectNoViewSetBack(topics);
  });

  it('is not obeyed before the views show what they may have shown before', async () => {
    const log = shownLog(all);
    const topics = await publishedWith(log, {});
    await publishFrom({ store: log.store, sink: new KeptSink(topics) }, 'start');
    log.loseViews(4);
    const before = topics.records.length;
    const publishing = new PublishingProcess(log, topics);
    await publishing.turns(50);
    expect(topics.records).toHaveLength(before);
    log.catchUp();
    await publishing.caughtUp();
    await publishing.stop();
    expectTheFold(topics, log);
    expectNoViewSetBack(topics);
  });

  it('is told of a position that there is not, and changes nothing', async () => {
    const log = shownLog(all);
    const topics = await publishedWith(log, {});
    const { publisher, checkpoint } = topics;
    const publishing = publishFrom({ store: log.store, sink: new KeptSink(topics) }, 10);
    await expect(publishing).rejects.toThrow(new NoEventAtPosition(10));
    expect(topics).toMatchObject({ publisher, checkpoint });
  });

  it('fences whoever is publishing', async () => {
    const log = new GrowingLog(all);
    const topics = new KeptTopics();
    const publishing = new PublishingProcess(log, topics);
    await publishing.caughtUp();
    await publishFrom({ store: log.store, sink: new KeptSink(topics) }, 'start');
    expect(topics.at).toMatchObject({ position: 0, views: {} });
    log.catchUp();
    await publishing.caughtUp();
    await publishing.stop();
    expect(publishing.told.timesFenced).toBe(1);
    expectEachEventOnce(topics, log);
  });

  it('need not wait until the checkpoint is read that is not to count any more', async () => {
    class Unread extends KeptSink {
      override lastCheckpoint(): Promise<never> {
        return Promise.reject(new Error('no such reading'));
      }
    }
    const sink = new Unread(new KeptTopics());
    await expect(publishFrom({ store: shownLog(all).store, sink }, 'head')).resolves.toBe(9);
  });

  it('can be told how far a log was published, and whether it is this one', async () => {
    const log = shownLog(all);
    const topics = new KeptTopics();
    const last = ({ store }: GrowingLog) => lastPublished({ store, sink: new KeptSink(topics) });
    await expect(last(log)).resolves.toBeUndefined();
    await publishAll(log, topics);
    const published = { position: 9, epoch: 1 };
    await expect(last(log)).resolves.toEqual({ ...published, isOfThisLog: true });
    for (const other of [shopDay(3, 'other'), all.slice(0, 5)])
      await expect(last(shownLog(other))).resolves.toEqual({ ...published, isOfThisLog: false });
    topics.checkpoint = encodeCheckpoint({ ...topics.at!, position: 0, eventId: '' });
    for (const [of, isOfThisLog] of [
      [log, true],
      [shownLog(shopDay(3, 'other')), false],
    ] as const)
      await expect(last(of)).resolves.toMatchObject({ position: 0, isOfThisLog });
    topics.checkpoint = Buffer.from('{}');
    await expect(last(log)).rejects.toThrow('the checkpoint cannot be read by this build');
  });

  it('is obeyed also where the one who was fenced comes back at once; after some tries it is told', async () => {
    const { store } = shownLog(all);
    const publishIn = (topics: KeptTopics, times: number): Promise<number> => {
      const rounds = Array.from({ length: times }, () => [undefined, 'fenced'] as const);
      return publishFrom({ store, sink: new KeptSink(topics, rounds.flat()) }, 'head');
    };
    const topics = new KeptTopics();
    await expect(publishIn(topics, 4)).resolves.toBe(9);
    expect(topics.at).toMatchObject({ position: 9 });
    await expect(publishIn(new KeptTopics(), 5)).rejects.toMatchObject({ name: 'PublisherFenced' });
  });

  it('is obeyed by a publisher that has nothing else to do', async () => {
    const log = shownLog(all);
    const topics = new KeptTopics();
    const publishing = new PublishingProcess(log, topics);
    await publishing.caughtUp();
    await publishFrom({ store: log.store, sink: new KeptSink(topics) }, 'head');
    const before = topics.records.length;
    await publishing.caughtUp();
    await publishing.stop();
    expect(publishing.told.timesFenced).toBe(1);
    expect(topics.records.length).toBeGreaterThan(before);
    expectTheFold(topics, log);
  });
});

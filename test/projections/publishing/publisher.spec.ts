import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import { Publisher } from '#projections/publisher.js';
import { authorization, requested, succeeded, voided, multiple } from '../../capture/fixtures.js';
import { HistoryWriter, key, logOf } from '../history-writer.js';
import { ledgerIn } from './expected-views.js';
import { GrowingLog } from './growing-log.js';
import { KeptSink, KeptTopics } from './kept-topics.js';
import {
  expectEachEventOnce,
  expectNoViewSetBack,
  expectTheFold,
  publishAll,
  PublishingProcess,
  Told,
} from './publication.js';
import { shopDay, shownLog } from './published-logs.js';
import { QuickClock } from './quick-clock.js';

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

describe('a publisher that is told to make way', () => {
  it('while it looks where it would go on, fences nobody', async () => {
    const log = shownLog(shopDay(1));
    const topics = new KeptTopics();
    const stopping = new AbortController();
    class SlowSink extends KeptSink {
      override lastCheckpoint(): Promise<Buffer | null> {
        stopping.abort();
        return super.lastCheckpoint();
      }
    }
    const publisher = new Publisher({
      store: log.store,
      views: log.views,
      sink: new SlowSink(topics),
      clock: new QuickClock(),
      observer: new Told(),
    });
    await expect(publisher.run(stopping.signal)).resolves.toBeUndefined();
    expect(topics.publisher).toBeUndefined();
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

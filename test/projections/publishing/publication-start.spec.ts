import type { RecordedEvent } from '#event-store/event-store.js';
import { encodeCheckpoint } from '#projections/publication-checkpoint.js';
import { publishFrom } from '#projections/publish-from.js';
import { Publisher } from '#projections/publisher.js';
import { GrowingLog } from './growing-log.js';
import { KeptSink, KeptTopics } from './kept-topics.js';
import {
  expectEachEventOnce,
  expectTheFold,
  haltOf,
  publishAll,
  PublishingProcess,
  Told,
} from './publication.js';
import { publishedWith, shopDay, shownLog } from './published-logs.js';
import { QuickClock } from './quick-clock.js';

const UUID = '[\\da-f]{8}-[\\da-f-]{27}';

const renumbered = (events: readonly RecordedEvent[], after: number): readonly RecordedEvent[] =>
  events.map((event, index) => ({ ...event, position: after + index + 1 }));

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
        'and ends at 5: it is not the store that was published: ' +
        'start the store that was published, put a backup in its place by "capture-ledger restore", ' +
        'or this store by "capture-ledger adopt"',
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
      /^epoch 2 is published, and this store is in epoch 1: start the store .* or this store by "capture-ledger adopt"$/,
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

import { encodeCheckpoint } from '#projections/publication-checkpoint.js';
import {
  lastPublished,
  mustReplace,
  NoEventAtPosition,
  publishFrom,
} from '#projections/publish-from.js';
import { GrowingLog } from './growing-log.js';
import { KeptSink, KeptTopics } from './kept-topics.js';
import {
  expectEachEventOnce,
  expectNoViewSetBack,
  expectTheFold,
  publishAll,
  PublishingProcess,
} from './publication.js';
import { publishedWith, shopDay, shownLog } from './published-logs.js';

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

  it('is refused where readers would keep what they have of another log', () => {
    const store = { shard: 0, epoch: 2 };
    const published = { position: 9, epoch: 2, isOfThisLog: true };
    for (const may of [published, { ...published, epoch: 1 }]) mustReplace(may, store);
    mustReplace({ ...published, epoch: 1, isOfThisLog: false }, store);
    expect(() => mustReplace({ ...published, isOfThisLog: false }, store)).toThrow(
      'another log is published up to its position 9, in the same epoch 2',
    );
    for (const isOfThisLog of [true, false])
      expect(() => mustReplace({ ...published, epoch: 3, isOfThisLog }, store)).toThrow(
        'epoch 3 is published, and this store is in epoch 2',
      );
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

import { publishedViews } from '#projections/published-views.js';
import type { PublishedView } from '#projections/published-views.js';
import { Publisher } from '#projections/publisher.js';
import { systemClock } from '#runtime/system-clock.js';
import { multiple, requested, succeeded } from '../capture/fixtures.js';
import { HistoryWriter, key, logOf } from '../projections/history-writer.js';
import { foldedRecords } from '../projections/publishing/expected-views.js';
import { GrowingLog } from '../projections/publishing/growing-log.js';
import type { KeptTopics } from '../projections/publishing/kept-topics.js';
import { nextBuild } from '../projections/publishing/next-build.js';
import { expectTheFold, Told } from '../projections/publishing/publication.js';
import { ownBroker } from './own-broker.js';
import { PublicationWorld } from './publication-world.js';
import { describeWithOwnKafka } from './suites.js';
import { uniquePrefix } from './topics.js';
import { until } from './until.js';

/** So that whatever is closed is cleaned up at once, deleted keys too, and a segment is soon closed. */
const AT_ONCE = {
  'cleanup.policy': 'compact',
  'segment.ms': '100',
  'min.cleanable.dirty.ratio': '0.01',
  'min.compaction.lag.ms': '0',
  'max.compaction.lag.ms': '100',
  'delete.retention.ms': '0',
};

const AUTHORIZATIONS = 60;

/** Events in which each of the first authorizations has its captures, one after another. */
const inRounds = (writer: HistoryWriter) => {
  const round = (events: Parameters<HistoryWriter['encode']>[1]) =>
    Array.from({ length: AUTHORIZATIONS }, (_, index) => writer.encode(key(`a${index}`), events));
  return [
    ...round([multiple(), requested('c1', 10_00)]),
    ...round([succeeded('c1')]),
    ...round([requested('c2', 20_00, { sequence: 2 })]),
    ...round([succeeded('c2')]),
  ];
};

/** Authorizations that nobody asks for: the last segment of each partition is closed by what comes after it. */
const others = (writer: HistoryWriter) =>
  Array.from({ length: 2_000 }, (_, index) =>
    writer.encode(key(`other${index}`), [multiple(), requested('c1', 10_00)]),
  );

describeWithOwnKafka('what compaction leaves of views', () => {
  it('is the fold of the log, whatever was sent by a publisher that was fenced', async () => {
    const broker = await ownBroker({
      'log.cleaner.backoff.ms': '100',
      'log.initial.task.delay.ms': '100',
    });
    const world = await new PublicationWorld(broker.address, uniquePrefix()).create(AT_ONCE);
    const writer = new HistoryWriter();
    const log = new GrowingLog(logOf([...inRounds(writer), ...others(writer)]));
    const grow = (events: number): void => {
      log.append(events);
      log.project(events);
    };
    const start = (published: readonly PublishedView[]) => {
      const { store, views } = log;
      const told = new Told();
      const stopping = new AbortController();
      const publisher = new Publisher({
        store,
        views,
        sink: world.sink(),
        clock: systemClock,
        observer: told,
        published,
      });
      const running = publisher.run(stopping.signal);
      return {
        told,
        caughtUp: () =>
          until('all is published', () => told.batches.at(-1)?.position === log.shown),
        republished: () =>
          until('all keys are published', () => told.progress.at(-1)?.over === true),
        stop: async (): Promise<void> => {
          stopping.abort();
          await running;
          expect([told.troubles, told.halts]).toEqual([[], []]);
        },
      };
    };

    const first = start(publishedViews);
    grow(2 * AUTHORIZATIONS);
    await first.caughtUp();
    await first.stop();
    const stale = foldedRecords(log.events, publishedViews, log.identity);
    const zombie = await world.begun(stale);
    const second = start(publishedViews);
    for (let round = 1; round <= 3; round += 1) {
      grow(AUTHORIZATIONS);
      await second.caughtUp();
    }
    // Or else the next publisher would do it, and put right what the other has spoiled.
    await second.republished();
    const refused = { type: 'INVALID_PRODUCER_EPOCH' };
    await expect(zombie.send(stale)).rejects.toMatchObject(refused);
    await expect(zombie.commit()).rejects.toMatchObject(refused);
    await zombie.die();
    await second.stop();
    const third = start(nextBuild);
    await third.republished();
    expect(third.told.progress.at(-1)).toMatchObject({ deleted: AUTHORIZATIONS });
    expect(isCompacted(await world.views(nextBuild))).toBe(false);

    await until('all that was replaced and deleted is gone', async () => {
      grow(20);
      await third.caughtUp();
      return isCompacted(await world.views(nextBuild));
    });
    await third.stop();
    const left = await world.views(nextBuild);
    expectTheFold(left, log, nextBuild);

    const fourth = start(nextBuild);
    await until('another goes on from the checkpoint', () => fourth.told.from.length > 0);
    expect(fourth.told.from).toEqual([log.shown]);
    await fourth.stop();
    await world.close();
  });
});

/** No record has another after it under its key, and none deletes. */
const isCompacted = ({ records }: KeptTopics): boolean => {
  const ours = records.filter(({ key: of }) => of.startsWith('default/a'));
  const keys = new Set(ours.map(({ channel, key: of }) => `${channel} ${of}`));
  return keys.size === ours.length && ours.every(({ value }) => value !== null);
};

import { expect } from '@jest/globals';
import { publishedViews } from '#projections/published-views.js';
import type { PublishedView } from '#projections/published-views.js';
import { Publisher } from '#projections/publisher.js';
import { systemClock } from '#runtime/system-clock.js';
import { multiple, refunded, requested, succeeded } from '../capture/fixtures.js';
import type { PublicationWorld } from '../kafka/publication-world.js';
import { until } from '../kafka/until.js';
import { HistoryWriter, key, logOf } from '../projections/history-writer.js';
import { GrowingLog } from '../projections/publishing/growing-log.js';
import { Told } from '../projections/publishing/publication.js';

/** Two authorizations, three captures, one of them with a refund. */
export const shopDay = (): GrowingLog => {
  const writer = new HistoryWriter();
  const log = new GrowingLog(
    logOf([
      writer.encode(key('a1', 'shop'), [multiple(), requested('c1', 10_00), succeeded('c1')]),
      writer.encode(key('a2', 'shop'), [multiple(), requested('c1', 30_00)]),
      writer.encode(key('a1', 'shop'), [
        requested('c2', 20_00, { sequence: 2 }),
        ...refunded('c1', 'r1', 5_00),
      ]),
    ]),
  );
  log.catchUp();
  return log;
};

/** The next build's views: one of them shows nothing any more, and its keys are deleted. */
export const nextBuild: readonly PublishedView[] = publishedViews.map((view) =>
  view.name === 'refund-balance'
    ? { name: view.name, version: 2, per: 'capture', cut: () => undefined }
    : view,
);

/** Publishes all of a log, and every key of the views whose version is new. */
export const publish = async (
  world: PublicationWorld,
  log: GrowingLog,
  published: readonly PublishedView[],
): Promise<void> => {
  const told = new Told();
  const stopping = new AbortController();
  const publisher = new Publisher({
    store: log.store,
    views: log.views,
    sink: world.sink(),
    clock: systemClock,
    observer: told,
    published,
  });
  const running = publisher.run(stopping.signal);
  await until('every key is published', () => told.progress.at(-1)?.over === true);
  stopping.abort();
  await running;
  expect([told.troubles, told.halts]).toEqual([[], []]);
};

import type { AuthorizationEvent } from '#capture/events.js';
import { publishedViews } from '#projections/published-views.js';
import { Publisher } from '#projections/publisher.js';
import { systemClock } from '#runtime/system-clock.js';
import { at, multiple, requested } from '../capture/fixtures.js';
import { expectEachEventOnce } from '../journeys/publication-proof.js';
import { HistoryWriter, key, logOf } from '../projections/history-writer.js';
import { GrowingLog } from '../projections/publishing/growing-log.js';
import { expectNoViewSetBack, expectTheFold, Told } from '../projections/publishing/publication.js';
import { PublicationWorld } from './publication-world.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka } from './suites.js';
import { uniquePrefix } from './topics.js';
import { until } from './until.js';

const EVENTS = 5_000;

/** One authorization with a capture of which its connector says the same again and again, at length. */
const oneStream = (): GrowingLog => {
  const told: AuthorizationEvent = {
    type: 'CapturePending',
    data: {
      captureId: 'c1',
      uncertain: false,
      occurredAt: at(5),
      rawResponseDescription: 'x'.repeat(970),
    },
  };
  const events = [
    multiple(),
    requested('c1', 1_00),
    ...Array.from({ length: EVENTS - 2 }, () => told),
  ];
  const log = new GrowingLog(logOf([new HistoryWriter().encode(key('a1'), events)]));
  log.catchUp();
  return log;
};

describeWithKafka('an authorization with 5 000 events of 1 KiB', () => {
  it('is published under one key in its order, in three transactions, with all of its views', async () => {
    const log = oneStream();
    const world = await new PublicationWorld(await sharedBroker(), uniquePrefix()).create();
    const told = new Told();
    const stopping = new AbortController();
    const { store, views } = log;
    const sink = world.sink();
    const running = new Publisher({
      store,
      views,
      sink,
      clock: systemClock,
      observer: told,
    }).run(stopping.signal);
    await until('all is published', () => told.progress.at(-1)?.over === true);
    stopping.abort();
    await running;

    expect([told.troubles, told.halts]).toEqual([[], []]);
    expect(told.batches.map(({ events }) => events)).toEqual([2_000, 2_000, 1_000]);
    const events = await world.all('events');
    expect(new Set(events.map((one) => String(one.key)))).toEqual(new Set(['default/a1']));
    expect(events.map(({ value }) => String(value))).toEqual(log.events.map(({ data }) => data));
    expectEachEventOnce(events, log.events);
    const topics = await world.views(publishedViews);
    expectTheFold(topics, log);
    expectNoViewSetBack(topics);
    await world.close();
  });
});

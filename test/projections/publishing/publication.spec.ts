import * as fc from 'fast-check';
import type { SqliteEventStore } from '#event-store/sqlite-event-store.js';
import { decodeCheckpoint } from '#projections/publication-checkpoint.js';
import { publishedViews } from '#projections/published-views.js';
import { Publisher } from '#projections/publisher.js';
import type { ViewsReader } from '#projections/views-reader.js';
import { systemClock } from '#runtime/system-clock.js';
import { anyCommands } from '../../capture/arbitraries.js';
import { smallWorld } from '../../capture/worlds.js';
import { PublicationWorld } from '../../kafka/publication-world.js';
import { sharedBroker } from '../../kafka/shared-broker.js';
import { describeWithKafka } from '../../kafka/suites.js';
import { uniquePrefix } from '../../kafka/topics.js';
import { untilAnswered } from '../../kafka/until.js';
import { openLedger, project } from '../fixtures.js';
import { key } from '../history-writer.js';
import { comparable, foldedRecords, ledgerIn } from './expected-views.js';
import { Told } from './publication.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A publisher at work; `stop` lets it finish what it is at. */
const publish = (store: SqliteEventStore, views: ViewsReader, world: PublicationWorld) => {
  const told = new Told();
  const stopping = new AbortController();
  const sink = world.sink();
  const publisher = new Publisher({ store, views, sink, clock: systemClock, observer: told });
  const running = publisher.run(stopping.signal);
  const stop = async () => {
    stopping.abort();
    await running;
  };
  closing.push(stop);
  return { told, stop };
};

/** The last value of each key, as compaction leaves them; no record may be older than the one before it. */
const compactedOf = async (world: PublicationWorld, view: (typeof publishedViews)[number]) => {
  const values = new Map<string, string>();
  for (const { key: of, value } of await world.all(view.name)) {
    const before = values.get(String(of));
    if (before !== undefined)
      expect(ledgerIn(String(value)).revision).toBeGreaterThanOrEqual(ledgerIn(before).revision);
    values.set(String(of), String(value));
  }
  return values;
};

describeWithKafka('a store, its projector and its publishers, on a real broker', () => {
  it('readers have every event once, in order, and views that are the fold of the store', async () => {
    const { store, books, folder, views, shown } = await openLedger();
    const world = await new PublicationWorld(await sharedBroker(), uniquePrefix()).create();
    closing.push(() => world.close());
    project(store, folder);
    const lives = fc.sample(anyCommands(smallWorld), { numRuns: 12, seed: 7 });
    const publishers = [publish(store, views, world)];
    for (const [index, life] of lives.entries()) {
      const merchantAccountId = index % 2 === 0 ? 'shop' : 'other';
      const to = key(`auth-${Math.floor(index / 2)}`, merchantAccountId);
      for (const command of life) await books.decide({ ...command, ...to });
      // Another takes over in the middle of it; the first finds out, and goes.
      if (index === 6) publishers.push(publish(store, views, world));
      if (index === 8) await publishers[0]!.stop();
    }
    await shown();
    const head = await store.head();
    const last = publish(store, views, world);
    await untilAnswered('all is published', async () => {
      const position = last.told.batches.at(-1)?.position ?? last.told.from.at(-1);
      if (position !== head) throw new Error(`at ${position} of ${head}`);
    });
    for (const publisher of [...publishers, last]) await publisher.stop();

    const bytes = await world.sink().lastCheckpoint();
    expect(decodeCheckpoint(bytes!)).toMatchObject({ position: head });
    const log = await store.readAll(0, Infinity);
    const events = await world.all('events');
    const positions = events.map(({ headers }) => Number(headers.get('ce_ledgerposition')![0]));
    expect(positions.toSorted((one, other) => one - other)).toEqual(
      log.map(({ position }) => position),
    );
    for (const [of, own] of Map.groupBy(events, (one) => String(one.key))) {
      const stored = log.filter(({ stream }) => stream === `authorization-${of}`);
      expect(own.map(({ value }) => String(value))).toEqual(stored.map(({ data }) => data));
    }
    const folded = foldedRecords(log, publishedViews, store.identity);
    for (const view of publishedViews) {
      const values = folded
        .filter(({ channel }) => channel === view.name)
        .map((one): [string, string] => [one.key, one.value!]);
      expect(comparable(view, await compactedOf(world, view))).toEqual(comparable(view, values));
    }
  });
});

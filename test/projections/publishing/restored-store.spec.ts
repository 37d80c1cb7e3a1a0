import * as fc from 'fast-check';
import type { RecordedEvent } from '#event-store/event-store.js';
import { publishFrom } from '#projections/publish-from.js';
import { multiple, requested } from '../../capture/fixtures.js';
import { HistoryWriter, key, logOf } from '../history-writer.js';
import { anyChain, StoreLives } from './store-lives.js';
import { GrowingLog } from './growing-log.js';
import { KeptSink, KeptTopics } from './kept-topics.js';
import {
  expectEachEventOnce,
  expectNoViewSetBack,
  expectTheFold,
  haltOf,
  publishAll,
  PublishingProcess,
} from './publication.js';

/** So many authorizations with two captures each: three events. */
const authorizations = (count: number, merchant = 'shop'): readonly RecordedEvent[] => {
  const writer = new HistoryWriter();
  return logOf(
    Array.from({ length: count }, (_, index) =>
      writer.encode(key(`a${index}`, merchant), [
        multiple(),
        requested('c1', 10_00),
        requested('c2', 20_00, { sequence: 2 }),
      ]),
    ),
  );
};

describe('a store that was restored', () => {
  const all = authorizations(20);

  /** Its log was as another until so many of its events, and has come further since. */
  const restoredAfter = (
    events: number,
    since: readonly RecordedEvent[],
    agreements: ReadonlyMap<number, number> = new Map([[1, events]]),
  ): GrowingLog => {
    const log = [...all.slice(0, events), ...since];
    const restored = new GrowingLog(log.map((one, index) => ({ ...one, position: index + 1 })));
    Object.assign(restored, { identity: { shard: 0, epoch: 2 }, agreements });
    restored.catchUp();
    return restored;
  };

  const publishedUpTo = async (events: number): Promise<KeptTopics> => {
    const before = new GrowingLog(all.slice(0, events));
    before.catchUp();
    const topics = new KeptTopics();
    await publishAll(before, topics);
    return topics;
  };

  it('is published on from where the backup ends, with every view anew, and without what it lost', async () => {
    const topics = await publishedUpTo(60);
    const restored = restoredAfter(30, []);
    const told = await publishAll(restored, topics);
    expect(told.from).toEqual([30]);
    expect(topics.at).toMatchObject({ position: 30, from: 0, epoch: 2, eventId: all[29]!.eventId });
    expect(topics.of('events')).toHaveLength(60);
    expectTheFold(topics, restored);
    expectNoViewSetBack(topics);
    expect(topics.records.filter(({ value }) => value === null)).toHaveLength(10 * 6);
  });

  it('is published on from there, too, where it has grown past the checkpoint in the meantime', async () => {
    const topics = await publishedUpTo(60);
    // What was lost has come again, after something else.
    const restored = restoredAfter(30, [...authorizations(2, 'other'), ...all.slice(30)]);
    const told = await publishAll(restored, topics);
    expect(told.from).toEqual([30]);
    const again = topics.of('events').slice(60);
    expect(again.map(({ headers }) => headers['ce_id'])).toEqual(
      restored.events.slice(30).map(({ eventId }) => eventId),
    );
    expectTheFold(topics, restored);
    expectNoViewSetBack(topics);
  });

  it('is published on from the checkpoint where that is in the backup', async () => {
    const topics = await publishedUpTo(30);
    const restored = restoredAfter(60, []);
    expect((await publishAll(restored, topics)).from).toEqual([30]);
    expectEachEventOnce(topics, restored);
    expectTheFold(topics, restored);
  });

  it('is not published where it does not know up to where it is what was published', async () => {
    const topics = await publishedUpTo(60);
    await expect(haltOf(restoredAfter(30, [], new Map()), topics)).resolves.toBe(
      'epoch 1 of the store is published, and the store, in epoch 2, does not know up to which event ' +
        'it is the same: say where to go on with "capture-ledger publish --from start", "head" or a position',
    );
  });

  it('is not published where it ends before the event up to which it is said to be the same', async () => {
    const topics = await publishedUpTo(60);
    await expect(haltOf(restoredAfter(30, [], new Map([[1, 45]])), topics)).resolves.toBe(
      'the store, in epoch 2, is said to be that of epoch 1 up to position 45, and ends at 30: it is not the ' +
        'store that was published: start the store that was published, put a backup in its place by ' +
        '"capture-ledger restore", or this store by "capture-ledger adopt"',
    );
  });

  it('is not published where another store was published', async () => {
    const topics = await publishedUpTo(20);
    const other = restoredAfter(0, authorizations(20, 'other'), new Map([[1, 30]]));
    await expect(haltOf(other, topics)).resolves.toMatch(
      /^event .* is published as that of position 20, .* it is not the store that was published/,
    );
  });
});

it('whatever a store was restored from, and however often, and wherever publishers were by then: readers have its history in the end', () =>
  fc.assert(
    fc.asyncProperty(anyChain, async (chain) => {
      const lives = new StoreLives();
      const topics = new KeptTopics();
      for (const link of chain) {
        if (link.what !== 'publish') lives.pass(link);
        else await publishSome(lives.log(), topics, link.turns);
      }
      // Readers hear of a new epoch by its first event.
      lives.pass({ what: 'append', events: 1, of: 0 });
      const log = lives.log();
      await publishSome(log, topics, Infinity);
      expect(historyOf(topics)).toEqual(log.events.map(({ eventId }) => eventId));
      expect(newestOf(topics)).toMatchObject(
        Object.fromEntries(log.events.map((one) => [placeOf(one), one.eventId])),
      );
      expectTheFold(topics, log);
      expectNoViewSetBack(topics);
    }),
    { numRuns: 60, endOnFailure: true },
  ));

/** Publishes for so long, or until all is published; where it must not go on, an operator lets it begin anew. */
const publishSome = async (log: GrowingLog, topics: KeptTopics, turns: number): Promise<void> => {
  log.catchUp();
  for (;;) {
    const publishing = new PublishingProcess(log, topics);
    if (turns === Infinity) await publishing.caughtUp();
    else await publishing.turns(turns);
    await publishing.stop();
    if (publishing.told.halts.length === 0) return;
    await publishFrom({ store: log.store, sink: new KeptSink(topics) }, 'start');
  }
};

/** To the reader of one log: an event of a new epoch is in the place of all that was at its position or after it. */
const historyOf = (topics: KeptTopics): readonly string[] => {
  const history: { id: string; epoch: number }[] = [];
  for (const { headers } of topics.of('events')) {
    const [at, epoch] = [
      Number(headers['ce_ledgerposition']) - 1,
      Number(headers['ce_ledgerepoch']),
    ];
    const stands = history[at];
    if (stands && stands.epoch < epoch) history.length = at;
    history[at] = { id: headers['ce_id']!, epoch };
  }
  return history.map(({ id }) => id);
};

/** To the reader of streams: per stream and revision, the event of the greatest epoch. */
const newestOf = (topics: KeptTopics): Readonly<Record<string, string>> => {
  const newest = new Map<string, { id: string; epoch: number }>();
  for (const { headers } of topics.of('events')) {
    const place = `${headers['ce_subject']} ${headers['ce_ledgerrevision']}`;
    const epoch = Number(headers['ce_ledgerepoch']);
    if (epoch >= (newest.get(place)?.epoch ?? 0))
      newest.set(place, { id: headers['ce_id']!, epoch });
  }
  return Object.fromEntries([...newest].map(([place, { id }]) => [place, id]));
};

const placeOf = ({ stream, revision }: RecordedEvent): string => `${stream} ${revision}`;

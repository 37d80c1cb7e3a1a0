import { DatabaseSync } from 'node:sqlite';
import { decodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublicationSink } from '#projections/publication-sink.js';
import { publishedViews } from '#projections/published-views.js';
import type { PublishedView } from '#projections/published-views.js';
import { Publisher } from '#projections/publisher.js';
import { FILE_VERSION } from '#projections/view-schema.js';
import { systemClock } from '#runtime/system-clock.js';
import { multiple, requested } from '../capture/fixtures.js';
import { expectEachEventOnce } from '../journeys/publication-proof.js';
import { ReaderProgram } from '../messages/reader-program.js';
import type { Change } from '../messages/reader-program.js';
import { openLedger, project } from '../projections/fixtures.js';
import { key } from '../projections/history-writer.js';
import { comparable, ledgerIn } from '../projections/publishing/expected-views.js';
import { GrowingLog } from '../projections/publishing/growing-log.js';
import { nextBuild } from '../projections/publishing/next-build.js';
import { expectNoViewSetBack, expectTheFold, Told } from '../projections/publishing/publication.js';
import { PublicationWorld } from './publication-world.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka } from './suites.js';
import { readAll, uniquePrefix } from './topics.js';
import { until } from './until.js';
import { withPublish } from '../projections/publishing/with-publish.js';

/** With two captures each: three pages of rows. */
const AUTHORIZATIONS = 1_010;

/** Of the views that are raised. */
const RAISED = ['capture-sequence', 'refund-balance'] as const;

/** The last to be written: some in every partition of every topic. */
const LAST = Array.from({ length: 12 }, (_, index) => `last-${index}`);

describeWithKafka('views in a new version, of a build that folds anew', () => {
  let world: PublicationWorld;
  let ledger: Awaited<ReturnType<typeof openLedger>>;
  const readers: ReaderProgram[] = [];

  beforeEach(async () => {
    world = await new PublicationWorld(await sharedBroker(), uniquePrefix()).create();
    ledger = await openLedger();
  });
  afterEach(async () => {
    for (const reader of readers.splice(0)) reader.stop();
    await world.close();
  });

  const write = (ids: readonly string[]): Promise<unknown> =>
    Promise.all(
      ids.map((id) =>
        ledger.books.write(key(id), [
          multiple(),
          requested('c1', 10_00),
          requested('c2', 20_00, { sequence: 2 }),
        ]),
      ),
    );

  /** A process that publishes these views. @param dyingIn the transaction that it sends and does not commit. */
  const start = (published: readonly PublishedView[], dyingIn = Infinity) => {
    const { store, views } = ledger;
    const told = new Told();
    const stopping = new AbortController();
    const sink = world.sink();
    let left = dyingIn;
    const publish: PublicationSink['publish'] = async (records, checkpoint) => {
      left -= 1;
      if (left > 0) return sink.publish(records, checkpoint);
      stopping.abort();
      await sink.close();
      const transaction = await world.begun(records);
      await transaction.die();
      throw new Error('dead');
    };
    const mortal = withPublish(sink, publish);
    const running = new Publisher({
      store,
      views,
      sink: mortal,
      clock: systemClock,
      observer: told,
      published,
    }).run(stopping.signal);
    const stop = async (): Promise<void> => {
      stopping.abort();
      await running;
      expect(told.halts).toEqual([]);
    };
    return { told, running, stop };
  };

  /** Until every key is published under these versions, and every event. */
  const publishAll = async (published: readonly PublishedView[]): Promise<void> => {
    const { told, stop } = start(published);
    const head = await ledger.store.head();
    await until('all is published', async () => {
      const last = (await readAll(world.address, world.topics.checkpoints)).at(-1)?.value;
      const at = last && decodeCheckpoint(last);
      if (!at || at.republication) return false;
      return (
        at.position === head && published.every(({ name, version }) => at.views[name] === version)
      );
    });
    await stop();
    expect(told.troubles).toEqual([]);
  };

  const reader = (view: string): ReaderProgram => {
    const started = new ReaderProgram(
      [process.execPath, 'docs/messages/readers/view-reader.ts', view],
      { brokers: world.address, topicPrefix: world.prefix },
    );
    readers.push(started);
    return started;
  };

  const wholeLog = async (): Promise<GrowingLog> => {
    const log = new GrowingLog(await ledger.store.readAll(0, Infinity));
    log.catchUp();
    return log;
  };

  it('are published once for every key, wherever publishers are killed, and readers end with the same', async () => {
    await write(Array.from({ length: AUTHORIZATIONS }, (_, index) => `a${index}`));
    const first = project(ledger.store, ledger.folder);
    await ledger.shown();
    await publishAll(publishedViews);
    await first.stop();
    const before = await world.views(nextBuild);
    const following = RAISED.map(reader);
    await Promise.all([
      following[0]!.changesUpTo(['default/a0']),
      following[1]!.changesUpTo(['default/a0/c1']),
    ]);

    olderFile(ledger.file);
    project(ledger.store, ledger.folder);
    for (const dyingIn of [1, 2, 2, 2]) {
      const { running, told } = start(nextBuild, dyingIn);
      await running;
      expect(told.troubles).toEqual(['dead']);
    }
    await publishAll(nextBuild);

    const after = await world.views(nextBuild);
    for (const { name, version } of nextBuild) {
      const again = after.of(name).filter(isOf(version));
      const isRaised = RAISED.some((raised) => raised === name);
      expect({ name, records: again.length }).toEqual({
        name,
        records: isRaised ? AUTHORIZATIONS : before.of(name).length,
      });
    }
    const deleted = after.of('refund-balance').filter(({ value }) => value === null);
    expect(new Set(deleted.map((one) => one.key)).size).toBe(AUTHORIZATIONS);
    expectEachEventOnce(await world.all('events'), (await wholeLog()).events);
    expectTheFold(after, await wholeLog(), nextBuild);
    expectNoViewSetBack(after);

    await write(LAST);
    await ledger.shown();
    await publishAll(nextBuild);
    const whole = await world.views(nextBuild);
    for (const [index, name] of RAISED.entries()) {
      const view = nextBuild.find((one) => one.name === name)!;
      const suffix = view.per === 'capture' ? '/c1' : '';
      const last = LAST.map((id) => `default/${id}${suffix}`);
      const wanted = comparable(view, whole.compacted(name));
      for (const one of [following[index]!, reader(name)])
        expect(comparable(view, stateAfter(await one.changesUpTo(last)))).toEqual(wanted);
    }
  });
});

/** As a build leaves it whose fold was another. */
const olderFile = (file: string): void => {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version=${FILE_VERSION - 1}`);
  database.close();
};

const isOf =
  (version: number) =>
  ({ value }: Readonly<{ value: string | null }>): boolean =>
    value !== null && ledgerIn(value).viewVersion === version;

/** What a reader has who has heard of all of these. */
const stateAfter = (changes: readonly Change[]): ReadonlyMap<string, string> => {
  const state = new Map<string, string>();
  for (const { key: of, view } of changes) {
    if (view === null) state.delete(of);
    else state.set(of, JSON.stringify(view));
  }
  return state;
};

import { execFileSync } from 'node:child_process';
import type { Message } from 'kafkajs';
import type { ViewTopic } from '#kafka/topic-names.js';
import { publishedViews } from '#projections/published-views.js';
import { PublicationWorld } from '../kafka/publication-world.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { PARTITIONS, plainClient, produce, readAll, uniquePrefix } from '../kafka/topics.js';
import { foldedRecords } from '../projections/publishing/expected-views.js';
import { expectConforming } from './conformance.js';
import { nextBuild, publish, shopDay } from './published-day.js';
import { describeWithPython } from './python-suites.js';
import { ReaderProgram } from './reader-program.js';
import type { Change } from './reader-program.js';
import { story, viewAt } from './reader-story.js';

const READERS = 'docs/messages/readers';

type Program = readonly [string, ...string[]];
const typescript: Program = [process.execPath, `${READERS}/view-reader.ts`];
const python: Program = ['python3', '-B', `${READERS}/view_reader.py`];

/** What a reader must print of the story. */
const news = story
  .filter(({ isNews }) => isNews)
  .map(({ value }): unknown => JSON.parse(value ?? 'null'));

const viewsOf = (changes: readonly Change[], of: string): readonly unknown[] =>
  changes.filter((change) => change.key === of).map(({ view }) => view);

/** Marks the ends of a topic's partitions, so that it can be waited for that they are read. */
const ends = Array.from({ length: PARTITIONS }, (_, partition) => `end-${partition}`);

const markEnds = (address: string, topic: string): Promise<void> =>
  produce(
    address,
    topic,
    ends.map((of, partition) => ({ key: of, value: viewAt(1, 1, 0), partition })),
  );

/** What a reader holds at the end, with null for what was deleted. */
const stateOf = (changes: readonly Change[]): ReadonlyMap<string, unknown> =>
  new Map(
    changes
      .filter((change) => !ends.includes(change.key))
      .map((change) => [change.key, change.view] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

const abort = async (address: string, topic: string, messages: Message[]): Promise<void> => {
  const producer = plainClient(address).producer({
    transactionalId: `${topic}-aborting`,
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages });
  await transaction.abort();
  await producer.disconnect();
};

describeWithPython('The Python reader’s rule', undefined, () => {
  it('tells what is news from what is old', () => {
    const program = [
      'import json, sys',
      `sys.path.insert(0, "${READERS}")`,
      'from view_reader import take',
      'views = {}',
      'for value in json.load(sys.stdin):',
      '    print(json.dumps([take(views, "k", value), views.get("k")]))',
    ].join('\n');
    const input = JSON.stringify(story.map(({ value }) => value));
    const said = execFileSync('python3', ['-B', '-c', program], { input, encoding: 'utf8' });
    const taken = said
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as [boolean, unknown]);
    expect(taken.map(([isNews]) => isNews)).toEqual(story.map(({ isNews }) => isNews));
    expect(taken.filter(([isNews]) => isNews).map(([, view]) => view)).toEqual(news);
  });
});

describeWithKafka('The readers of docs/messages', () => {
  let world: PublicationWorld;
  const running: ReaderProgram[] = [];

  beforeAll(async () => {
    world = await new PublicationWorld(await sharedBroker(), uniquePrefix()).create();
    const log = shopDay();
    await publish(world, log, publishedViews);
    await publish(world, log, nextBuild);
    for (const view of ['capture-sequence', 'refund-balance', 'capture'] as const)
      await markEnds(world.address, world.topics[view]);
  });
  afterAll(async () => {
    for (const reader of running.splice(0)) reader.stop();
    await world.close();
  });

  /** What a reader prints of a view whose ends are marked. */
  const readBy = (
    [command, ...args]: Program,
    view: ViewTopic,
    { address, prefix } = world,
  ): Promise<readonly Change[]> => {
    const ledger = { brokers: address, topicPrefix: prefix };
    const reader = new ReaderProgram([command, ...args, view], ledger);
    running.push(reader);
    return reader.changesUpTo(ends);
  };

  const itReads = (program: Program): void => {
    it.each(['capture-sequence', 'capture'] as const)(
      'come to what the ledger’s own fold shows: %s',
      async (view) => {
        const folded = foldedRecords(shopDay().events, publishedViews, { shard: 0, epoch: 1 })
          .filter(({ channel }) => channel === view)
          .map((record) => ({ key: record.key, view: JSON.parse(record.value!) as unknown }));
        expect(stateOf(await readBy(program, view))).toEqual(stateOf(folded));
      },
    );

    it('hear of keys that a new version of a view does not have', async () => {
      expect([...stateOf(await readBy(program, 'refund-balance'))]).toEqual([
        ['shop/a1/c1', null],
        ['shop/a1/c2', null],
        ['shop/a2/c1', null],
      ]);
    });

    it('keep the newest, whatever comes again, late, or in a transaction that is aborted', async () => {
      const other = await new PublicationWorld(world.address, uniquePrefix()).create();
      const topic = other.topics.capture;
      const told = story.map(({ value }) => ({ key: 'shop/a1/c1', value }));
      await produce(world.address, topic, [
        ...told.slice(0, 3),
        { key: 'shop/a2/c1', value: viewAt(1, 1, 1) },
      ]);
      await abort(world.address, topic, [
        { key: 'shop/a1/c1', value: viewAt(9, 9, 99) },
        { key: 'shop/a2/c1', value: null },
      ]);
      await produce(world.address, topic, told.slice(3));
      await markEnds(world.address, topic);
      const changes = await readBy(program, 'capture', other);
      expect(viewsOf(changes, 'shop/a1/c1')).toEqual(news);
      expect(viewsOf(changes, 'shop/a2/c1')).toEqual([JSON.parse(viewAt(1, 1, 1))]);
      await other.close();
    });
  };

  describe('in TypeScript, with kafkajs,', () => {
    itReads(typescript);
  });
  describeWithPython('in Python, with confluent-kafka,', 'confluent_kafka', () => {
    itReads(python);
  });

  it('get nothing but what docs/messages says', async () => {
    const { commands: _, deadLetters: __, answers: ___, leases: ____, ...published } = world.topics;
    for (const topic of Object.values(published)) {
      const records = await readAll(world.address, topic);
      expect(records.length).toBeGreaterThan(0);
      for (const record of records) {
        if (!ends.includes(`${record.key?.toString()}`)) expectConforming(record);
      }
    }
  });
});

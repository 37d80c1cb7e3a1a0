import type { InboundRecord } from '#kafka/records.js';
import { topicNames } from '#kafka/topic-names.js';
import type { TopicNames } from '#kafka/topic-names.js';
import { publishedViews } from '#projections/published-views.js';
import { freePorts } from '../../tools/kafka/ports.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { createTopics, deleteTopic, produce, readAll, uniquePrefix } from '../kafka/topics.js';
import { until, untilAnswered } from '../kafka/until.js';
import { startLedger } from './child-ledger.js';
import type { ChildLedger } from './child-ledger.js';
import { onKafka, readyOf, startKafkaLedger } from './kafka-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { cleanUp, Program, temporaryFolder } from './program.js';
import {
  allIsPublished,
  expectEachEventOnce,
  expectSoundPublication,
  expectViewsOf,
} from './publication-proof.js';
import { commandsOf } from './sent-command.js';
import type { SentCommand } from './sent-command.js';

afterEach(cleanUp);

const HALTED = /"the publisher has halted: someone must act"/;

/** Runs `capture-ledger publish`. */
const publish = async (environment: Readonly<Record<string, string>>, ...args: string[]) => {
  const program = new Program('cli.js', ['publish', ...args], environment);
  const code = await program.ended();
  return { code, stdout: program.stdout, stderr: program.stderr };
};

const commands = commandsOf(501, { authorizations: 10, each: 20 });
const half = commands.length / 2;

/** Sends commands over HTTP, one after another. */
const send = async (url: string, some: readonly SentCommand[]): Promise<void> => {
  const load = new Load(some);
  await load.send(url, [load.commands]);
  expect(load.unanswered).toEqual([]);
};

/** Says in the log, and where it is asked for its health, what is to be typed. */
const haltsForWantOfCheckpoint = async ({ program, url }: ChildLedger): Promise<void> => {
  await program.says(HALTED, 'stderr');
  const why =
    'events are published, and there is no checkpoint of shard 0: ' +
    'say where to go on with "capture-ledger publish --from start", "head" or a position';
  expect(program.stderr).toContain(JSON.stringify(why));
  const health = await untilAnswered('it says so', () => healthOf(url));
  expect(health).toEqual({ status: 'down', detail: `halted: ${why}` });
  expect((await fetch(new URL('/health/ready', url))).status).toBe(200);
};

describeWithKafka('a ledger whose topics are lost', () => {
  let address: string;
  let prefix: string;
  let folder: string;
  let topics: TopicNames;

  beforeEach(async () => {
    address = await sharedBroker();
    prefix = uniquePrefix();
    folder = temporaryFolder();
    topics = topicNames(prefix);
  });

  /** A ledger that has published half of the commands, and the position of the last event of them. */
  const publishHalf = async (): Promise<Readonly<{ ledger: ChildLedger; position: number }>> => {
    const ledger = await startKafkaLedger(folder, address, prefix);
    await send(ledger.url, commands.slice(0, half));
    const log = await logIn(folder);
    await allIsPublished(address, prefix, log);
    return { ledger, position: log.length };
  };

  /** The same, and the ledger is stopped. */
  const publishedHalf = async (): Promise<number> => {
    const { ledger, position } = await publishHalf();
    await ledger.program.stop();
    return position;
  };

  const recordsOf = async (channels: readonly (keyof TopicNames)[]): Promise<number> => {
    const all = await Promise.all(channels.map((channel) => readAll(address, topics[channel])));
    return all.flat().length;
  };
  const views = publishedViews.map(({ name }) => name);

  const sayFrom = (place: string, store = folder) =>
    publish({ ...onKafka(address, prefix), LEDGER_STORE: store }, '--from', place);

  it('halts without its checkpoint while it runs, and goes on after the position that it is told, missing and repeating nothing', async () => {
    const { ledger, position } = await publishHalf();
    await deleteTopic(address, topics.checkpoints);
    await send(ledger.url, commands.slice(half));
    await until(
      'nothing can be published',
      async () => (await readyOf(ledger.url, 'publisher')) === 503,
    );
    await createTopics(address, [topics.checkpoints], { 'cleanup.policy': 'compact' });
    await haltsForWantOfCheckpoint(ledger);
    const log = await logIn(folder);
    expect(log.length).toBeGreaterThan(position);
    expect(await recordsOf(['events'])).toBe(position);

    await expect(sayFrom(`${log.length + 1}`)).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`the store has no event at position ${log.length + 1}`),
    });
    expect(await recordsOf(['checkpoints'])).toBe(0);
    await expect(sayFrom(`${position}`)).resolves.toEqual({
      code: 0,
      stdout: `Events after position ${position} of ${log.length} are published next, and every key of every view once more.\n`,
      stderr: '',
    });
    await expectSoundPublication(address, prefix, log);
  });

  it('halts without it where it starts, goes on from the head with all views once more, and from the start with all events', async () => {
    const position = await publishedHalf();
    const keys = (await lastRecords()).size;
    await deleteTopic(address, topics.checkpoints);

    // It makes the topic that is missing.
    const ledger = await startKafkaLedger(folder, address, prefix);
    await haltsForWantOfCheckpoint(ledger);
    const before = await recordsOf(views);
    await expect(sayFrom('head')).resolves.toMatchObject({ code: 0 });
    await expectSoundPublication(address, prefix, await logIn(folder));
    expect(await recordsOf(views)).toBe(before + keys);

    // It publishes, and is fenced as soon as there is something to publish.
    const published = await readAll(address, topics.events);
    expect(published).toHaveLength(position);
    await expect(sayFrom('start')).resolves.toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        new RegExp(
          `^The last that was published is that of position ${position}: ${position} events come again\\.$`,
          'm',
        ),
      ),
    });
    await send(ledger.url, commands.slice(half));
    const log = await logIn(folder);
    expect(log.length).toBeGreaterThan(position);
    await allIsPublished(address, prefix, log);
    await expectViewsOf(address, prefix, log);
    const places = new Set(published.map(placeOf));
    const again = (await readAll(address, topics.events)).filter(
      (record) => !places.has(placeOf(record)),
    );
    expectEachEventOnce(again, log);
  });

  /** By topic and key: what readers have of the views. */
  const lastRecords = async (): Promise<ReadonlyMap<string, unknown>> => {
    const all = await Promise.all(views.map((view) => readAll(address, topics[view])));
    return new Map(all.flat().map(({ topic, key, value }) => [`${topic} ${String(key)}`, value]));
  };

  it('publishes a view again whose topic it finds empty, and says of the events that it was', async () => {
    const position = await publishedHalf();
    await deleteTopic(address, topics['final-capture']);

    // It makes the topic that is missing.
    const second = await startKafkaLedger(folder, address, prefix);
    await expectSoundPublication(address, prefix, await logIn(folder));
    await second.program.stop();
    await deleteTopic(address, topics.events);

    const ledger = await startKafkaLedger(folder, address, prefix);
    await ledger.program.says(HALTED, 'stderr');
    const why =
      `the events after position 0 up to ${position} were published, and nothing was ever written to their topic, ` +
      'as where it was lost and made anew: ' +
      'say where to go on with "capture-ledger publish --from start", "head" or a position';
    await expect(healthOf(ledger.url)).resolves.toEqual({
      status: 'down',
      detail: `halted: ${why}`,
    });
    await expect(sayFrom('start')).resolves.toMatchObject({ code: 0 });
    await expectSoundPublication(address, prefix, await logIn(folder));
    await ledger.program.stop();
    await expect(sayFrom('3')).resolves.toMatchObject({ code: 0 });
    const skipped = `^The last that was published is that of position 3: ${position - 3} events are skipped, and readers never see them\\.$`;
    await expect(sayFrom('head')).resolves.toMatchObject({
      stdout: expect.stringMatching(new RegExp(skipped, 'm')),
    });
  });

  it('is not taken for another store, whose publisher halts and says which event it lacks', async () => {
    const position = await publishedHalf();
    const { eventId } = (await logIn(folder)).at(-1)!;
    const before = await recordsOf([...views, 'events', 'checkpoints']);

    const other = temporaryFolder();
    const unpublished = await startLedger(other);
    // Under names of its own: an event is known by its command's id, wherever it is stored.
    await send(unpublished.url, commandsOf(606, { authorizations: 10, each: 20, named: 'other' }));
    await unpublished.program.stop();
    const found = (await logIn(other))[position - 1]!.eventId;

    const { program, url } = await startKafkaLedger(other, address, prefix);
    await program.says(HALTED, 'stderr');
    const why =
      `event ${eventId} is published as that of position ${position}, and there the store has ${found}: ` +
      'it is not the store that was published: start the store that was published, ' +
      'put a backup in its place by "capture-ledger restore", or this store by "capture-ledger adopt"';
    expect(program.stderr).toContain(JSON.stringify(why));
    await expect(healthOf(url)).resolves.toEqual({ status: 'down', detail: `halted: ${why}` });
    await expect(sayFrom('start', other)).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        new RegExp(
          `^Cannot say where \\S+ is to be published from \\(another log is published up to its position ${position}, in the same epoch 1\\)\n.* capture-ledger adopt {2}put this store in the place `,
        ),
      ),
    });
    expect(await recordsOf([...views, 'events', 'checkpoints'])).toBe(before);
  });

  it('can be told where to go on also where its checkpoint cannot be read', async () => {
    const position = await publishedHalf();
    await produce(address, topics.checkpoints, [{ key: '0', value: '{}', partition: 0 }]);
    await expect(sayFrom('start')).resolves.toEqual({
      code: 0,
      stdout:
        `Events after position 0 of ${position} are published next, and every key of every view once more.\n` +
        'What was published before cannot be told (the checkpoint cannot be read by this build): ' +
        'nor whether events are skipped, or come again.\n',
      stderr: '',
    });
  });
});

const placeOf = ({ partition, offset }: InboundRecord): string => `${partition}/${offset}`;

/** Of the publisher of a ledger that has halted. */
const healthOf = async (url: string): Promise<unknown> => {
  const response = await fetch(new URL('/health/ready/publisher', url));
  expect(response.status).toBe(503);
  return response.json();
};

describe('capture-ledger publish', () => {
  it('takes nothing for a place but start, head or a position', async () => {
    for (const place of ['tomorrow', '-1', '1.5', '']) {
      const { code, stderr } = await publish({}, `--from=${place}`);
      expect({ place, code, stderr }).toEqual({
        place,
        code: 2,
        stderr: `error: option '--from <place>' argument '${place}' is invalid. It must be start, head or a position.\n`,
      });
    }
    await expect(publish({})).resolves.toEqual({
      code: 2,
      stdout: '',
      stderr: "error: required option '--from <place>' not specified\n",
    });
  });

  it('says that no brokers are configured', async () => {
    await expect(publish({ LEDGER_STORE: temporaryFolder() }, '--from', 'head')).resolves.toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^Cannot say where \S+ is to be published from \(no brokers are configured\)\n {2}KAFKA_BROKERS is not set\n$/,
      ),
    });
  });

  it('says that there is no store, and makes none', async () => {
    const folder = temporaryFolder();
    const environment = { LEDGER_STORE: folder, KAFKA_BROKERS: '127.0.0.1:1' };
    for (const tries of [1, 2]) {
      const { code, stderr } = await publish(environment, '--from', 'head');
      expect({ tries, code, stderr }).toEqual({
        tries,
        code: 2,
        stderr: `Cannot say where ${folder} is to be published from (there is no store)\n  LEDGER_STORE comes from the environment\n`,
      });
    }
  });

  it('says that no broker can be reached', async () => {
    const folder = temporaryFolder();
    const ledger = await startLedger(folder);
    await ledger.program.stop();
    const [port] = await freePorts(1);
    const brokers = `127.0.0.1:${port}`;
    await expect(
      publish({ LEDGER_STORE: folder, KAFKA_BROKERS: brokers }, '--from', 'head'),
    ).resolves.toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(
        /^Cannot say where \S+ is to be published from \(.*ECONNREFUSED/,
      ),
    });
  });
});

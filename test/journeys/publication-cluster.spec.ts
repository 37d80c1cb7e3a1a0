import { topicNames } from '#kafka/topic-names.js';
import { ownCluster } from '../kafka/own-broker.js';
import { describeWithOwnKafka } from '../kafka/suites.js';
import { plainClient } from '../kafka/topics.js';
import { until, untilAnswered } from '../kafka/until.js';
import { startLedger } from './child-ledger.js';
import { inTurns } from './kafka-load.js';
import { consumes, metricsOf, onKafka } from './kafka-ledger.js';
import { logIn } from '../event-store/log-in.js';
import { Load } from './load.js';
import { cleanUp, temporaryFolder } from './program.js';
import { expectSoundPublication } from './publication-proof.js';
import { commandsOf } from './sent-command.js';

afterEach(cleanUp);

const PREFIX = 'cluster.';

/** Lets another replica lead a partition, and gives back the one that it was taken from. */
const moveLeader = async (address: string, topic: string, partitionId: number): Promise<void> => {
  const admin = plainClient(address).admin();
  await admin.connect();
  const stateOf = async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]!.partitions.find((one) => one.partitionId === partitionId)!;
  };
  const reassign = async (replicas: number[]): Promise<void> => {
    const partitionAssignment = [{ partition: partitionId, replicas }];
    await until('the replicas are being moved', async () => {
      await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] });
      return true;
    });
  };
  const { leader, replicas } = await stateOf();
  const others = replicas.filter((id) => id !== leader);
  await reassign(others);
  await until(`${topic}/${partitionId} has another leader`, async () =>
    others.includes((await stateOf()).leader),
  );
  await reassign([...others, leader]);
  await until('all replicas are there again', async () => (await stateOf()).isr.length === 3);
  await admin.disconnect();
};

/** How often a publication was tried again. */
const retriesOf = async (url: string): Promise<number> => {
  const metrics = await metricsOf(url);
  return Number(/^ledger_publication_retries_total (\d+)/m.exec(metrics)?.[1] ?? 0);
};

/** Resolves when more is published than there was. */
const published = async (url: string): Promise<void> => {
  const position = async (): Promise<number> => {
    const metrics = await metricsOf(url);
    return Number(/^ledger_publication_position (\d+)/m.exec(metrics)?.[1]);
  };
  const before = await untilAnswered('it publishes', async () => {
    const now = await position();
    if (Number.isNaN(now)) throw new Error('it publishes nothing');
    return now;
  });
  await until('more is published', async () => (await position()) > before);
};

describeWithOwnKafka('a ledger that publishes to three brokers', () => {
  it('publishes each event once, and every view, while leaders move and a broker is away', async () => {
    const brokers = await ownCluster(3);
    const [{ address }, second] = brokers as [(typeof brokers)[0], (typeof brokers)[0]];
    const folder = temporaryFolder();
    const ledger = await startLedger(folder, {
      ...onKafka(address, PREFIX),
      KAFKA_BROKERS: brokers.map((broker) => broker.address).join(),
    });
    await consumes(ledger);
    const left = [...inTurns(commandsOf(87, { authorizations: 600, each: 60 }))];
    /** Over HTTP: what is decided does not wait for Kafka. */
    const sendUntil = async (done: Promise<unknown>): Promise<void> => {
      const over = new AbortController();
      const ended = done.finally(() => over.abort());
      // Where it fails, that is told below.
      ended.catch(() => undefined);
      do {
        const load = new Load(left.splice(0, 20));
        await load.send(ledger.url, [load.commands]);
        expect([load.commands.length, load.unanswered]).toEqual([20, []]);
      } while (!over.signal.aborted);
      await ended;
    };
    const { events, capture } = topicNames(PREFIX);
    /** Again and again, until one has moved while it was written to. */
    const moveLeaders = async (): Promise<void> => {
      for (let moves = 0; moves < 4 || (await retriesOf(ledger.url)) === 0; moves += 1)
        await moveLeader(address, moves % 2 === 0 ? events : capture, moves % 3);
    };
    await sendUntil(moveLeaders());
    await sendUntil(second.kill());
    await sendUntil(published(ledger.url));
    await sendUntil(second.start());
    await expectSoundPublication(address, PREFIX, await logIn(folder));
  });
});

import { encodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublishedRecord } from '#projections/publication-sink.js';
import { ownCluster } from './own-broker.js';
import { describeWithOwnKafka } from './suites.js';
import { until, untilAnswered } from './until.js';

// Jest loads packages before any file of ours runs, and where kafkajs was loaded before its patch, the
// patch cannot get into it. What is shown here needs all of it.
await import('#kafka/kafkajs.js');
const { PublicationWorld } = await import('./publication-world.js');
const { createTopic, createTopics, plainClient, readAll, uniquePrefix } =
  await import('./topics.js');

const checkpoint = encodeCheckpoint({
  position: 1,
  eventId: 'event-1',
  from: 0,
  epoch: 1,
  asOf: 1,
  asOfEventId: 'event-1',
  views: {},
});

const event = (value: string, key: string): PublishedRecord => ({
  channel: 'events',
  key,
  value,
  headers: {},
});

const byText = (one: string, other: string): number => (one < other ? -1 : 1);

/** One of each of eight authorizations, whose keys are in both partitions. */
const both = (round: string): readonly PublishedRecord[] =>
  Array.from({ length: 8 }, (_, index) => event(`${round} ${index}`, `shop/a${index}`));

describeWithOwnKafka('publishing to three brokers', () => {
  it('commits every record once, or nothing, where a leader moves while it is sent', async () => {
    const brokers = await ownCluster(3, {
      'transaction.state.log.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
    });
    const { address } = brokers[0]!;
    const world = new PublicationWorld(address, uniquePrefix());
    const { events, ...others } = world.topics;
    await createTopics(address, Object.values(others));
    const replicaAssignment = [
      { partition: 0, replicas: [1, 3] },
      { partition: 1, replicas: [2, 3] },
    ];
    await createTopic(address, { topic: events, replicaAssignment });
    const admin = plainClient(address).admin();
    await admin.connect();
    const moveTo = async (leader: number): Promise<void> => {
      const partitionAssignment = [{ partition: 1, replicas: [leader, 3] }];
      await until('the move has begun', async () => {
        await admin.alterPartitionReassignments({
          topics: [{ topic: events, partitionAssignment }],
        });
        return true;
      });
      await until(`broker ${leader} leads`, async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [events] });
        return topics[0]!.partitions.find((one) => one.partitionId === 1)?.leader === leader;
      });
    };
    const sink = world.sink();
    const publishAtLast = (round: string) =>
      until(`${round} is published`, async () => {
        await sink.fence();
        await sink.publish(both(round), checkpoint);
        return true;
      });
    await publishAtLast('round 0');

    const refused: string[] = [];
    for (const [round, leader] of [1, 2, 1].entries()) {
      await moveTo(leader);
      // The sink still believes that the other one leads.
      const sent = sink.publish(both(`sent in round ${round}`), checkpoint);
      await sent.catch(async ({ name }: Error) => {
        refused.push(name);
        await publishAtLast(`sent in round ${round}`);
      });
    }
    await admin.disconnect();
    await world.close();

    // kafkajs would have resolved, without the share of the partition that has moved.
    expect(refused).toContain('UnacknowledgedRecords');
    const written = await untilAnswered('all is read', () => readAll(address, events));
    const values = written
      .map(({ value }) => String(value))
      .filter((one) => one.startsWith('sent'));
    const expected = [0, 1, 2].flatMap((round) => both(`sent in round ${round}`));
    expect(values.toSorted(byText)).toEqual(expected.map(({ value }) => value!).toSorted(byText));
  });
});

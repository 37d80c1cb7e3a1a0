import { publicationTopics } from '#kafka/publication-topics.js';
import { TopicAdmin } from '#kafka/topic-admin.js';
import { topicNames } from '#kafka/topic-names.js';
import { systemClock } from '#runtime/system-clock.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka } from './suites.js';
import { createTopics, PARTITIONS, uniquePrefix } from './topics.js';

const wanted = () => {
  const names = topicNames(uniquePrefix());
  return { names, topics: publicationTopics(names, PARTITIONS) };
};

const adminOn = (address: string): TopicAdmin =>
  new TopicAdmin({
    connection: { brokers: [address], clientId: 'test' },
    clock: systemClock,
    log: () => undefined,
  });

describeWithKafka('the topics of a publication', () => {
  it('are made as they are wanted, all of them', async () => {
    const { names, topics } = wanted();
    const { commands: _, deadLetters: __, answers: ___, ...published } = names;
    expect(topics.map(({ name }) => name).toSorted()).toEqual(Object.values(published).toSorted());
    const plan = await adminOn(await sharedBroker()).create(topics);
    expect(plan.flatMap(({ differences }) => differences)).toEqual([]);
    expect(plan.map(({ existing }) => existing?.partitions)).toEqual([3, 3, 3, 3, 3, 1, 1]);
  });

  it('must take the largest view that there can be, and keep what does not change', async () => {
    const { names, topics } = wanted();
    const address = await sharedBroker();
    await createTopics(address, Object.values(names));
    const checking = adminOn(address).check(topics, false);
    await expect(checking).rejects.toThrow(/views\.capture\.v1 has cleanup\.policy=delete/);
    await expect(checking).rejects.toThrow(/checkpoints\.v1 has cleanup\.policy=delete/);
    await expect(checking).rejects.toThrow(
      /views\.capture-sequence\.v1 has max\.message\.bytes=1048588, it must be at least 8388608/,
    );
  });
});

import type { InboundGroup } from '#kafka/command-source.js';
import { KafkajsCommandSource } from '#kafka/kafkajs-command-source.js';
import { systemClock } from '#runtime/system-clock.js';
import { itKeepsTheCommandSourceContract } from '../contracts/command-source.contract.js';
import { SESSION_TIMEOUT } from '../contracts/members.js';
import type { OpenCommandSource } from '../contracts/members.js';
import { Heard } from './heard.js';
import { ownBroker, ownCluster } from './own-broker.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka, describeWithOwnKafka } from './suites.js';
import { createTopic, createTopics, plainClient, produce, uniquePrefix } from './topics.js';
import { until } from './until.js';
import { Worker } from './worker.js';

const openSource: OpenCommandSource = ({ address, topic, group, store }, heard) =>
  new KafkajsCommandSource({
    connection: { brokers: [address], clientId: 'test' },
    topic,
    groupId: group,
    store,
    clock: systemClock,
    observer: heard.observer,
    log: () => undefined,
    sessionTimeoutMs: SESSION_TIMEOUT,
  });

const store = { id: 'one', epoch: 1 };

describe('the source of commands, on kafkajs', () => {
  itKeepsTheCommandSourceContract(openSource);

  describeWithKafka('a group that is too large', () => {
    it('is handed over in chunks, and each is committed before the next', async () => {
      const address = await sharedBroker();
      const prefix = uniquePrefix();
      const [topic, group] = [`${prefix}commands`, `${prefix}capture-commands`];
      await createTopics(address, [topic]);
      const all = Array.from({ length: 5_000 }, (_, index) => ({ key: 'k', value: `${index}` }));
      await produce(address, topic, all);

      const admin = plainClient(address).admin();
      await admin.connect();
      const committed: number[] = [];
      const worker = new Worker(async () => {
        const [of] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
        committed.push(Math.max(...of!.partitions.map(({ offset }) => Number(offset)), 0));
      });
      const source = openSource({ address, topic, group, store }, new Heard());
      await source.start(worker.work);
      await until('all are worked off', () => worker.done.length === 5_000);
      await source.stop();
      await admin.disconnect();
      expect(worker.sizes).toEqual([2_000, 2_000, 1_000]);
      expect(committed).toEqual([0, 2_000, 4_000]);
      expect(worker.doneValues).toEqual(all.map(({ value }) => value));
    });
  });

  describeWithOwnKafka('kafkajs, left alone,', () => {
    it('may join again in the middle of a group, which is then not committed but comes again', async () => {
      const brokers = await ownCluster(3);
      const { address } = brokers[0]!;
      const replicaAssignment = [1, 2].map((leader, partition) => ({
        partition,
        replicas: [leader, 3],
      }));
      await createTopic(address, { topic: 'commands', replicaAssignment });
      const admin = plainClient(address).admin();
      await admin.connect();
      const first = Promise.withResolvers<InboundGroup>();
      const worker = new Worker(async (group) => {
        first.resolve(group);
        if (worker.sizes.length > 1) return;
        await until('it is told that the group is not its own any more', async () => {
          await group.heartbeat();
          return !group.isRunning();
        });
      });
      const heard = new Heard();
      const source = openSource(
        { address, topic: 'commands', group: 'capture-commands', store },
        heard,
      );
      await source.start(worker.work);
      await until('it is consuming', () => heard.state === 'consuming');
      await produce(address, 'commands', [{ key: 'k', value: 'of broker 1', partition: 0 }]);
      const group = await first.promise;
      expect(group.isRunning()).toBe(true);
      // Broker 2 has nothing that is being worked on: its fetch goes on, and is told of the new leader.
      const moved = {
        topic: 'commands',
        partitionAssignment: [{ partition: 1, replicas: [3, 1] }],
      };
      await admin.alterPartitionReassignments({ topics: [moved] });
      await until('it came again', () => worker.done.length === 2);
      expect(worker.handedValues).toEqual(['of broker 1', 'of broker 1']);
      await source.stop();
      await admin.disconnect();
      expect(heard.restarted).toEqual([]);
      expect(heard.fatal).toEqual([]);
    });

    it('may wait for an answer for ever: it is replaced, and the new one goes on', async () => {
      const broker = await ownBroker();
      const { address } = broker;
      await createTopics(address, ['commands']);
      const heard = new Heard();
      const worker = new Worker();
      const source = openSource(
        { address, topic: 'commands', group: 'capture-commands', store },
        heard,
      );
      await source.start(worker.work);
      await until('it is consuming', () => heard.state === 'consuming');
      expect(source.lag().map(({ lag }) => lag)).toEqual([0n, 0n, 0n]);
      await broker.freeze();
      await until('it says so', () => heard.state === 'away');
      // What was last heard of it may long be wrong.
      expect(source.lag()).toEqual([]);
      expect(heard.states.at(-1)!.detail).toBe('the broker does not answer');
      await until('it is replaced', () => heard.restarted.length > 0);
      expect(heard.restarted[0]!.message).toMatch(/^no word from the broker for \d+ ms$/);
      await broker.thaw();
      await produce(address, 'commands', [{ key: 'k', value: 'at last' }]);
      await until('it is worked off', () => worker.done.length > 0);
      await source.stop();
      expect(heard.fatal).toEqual([]);
    });
  });
});

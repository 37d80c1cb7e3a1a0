import { BrokerProxy } from '../kafka/broker-proxy.js';
import { ownBroker, ownCluster } from '../kafka/own-broker.js';
import { describeWithKafka, describeWithOwnKafka } from '../kafka/suites.js';
import { createTopics, produce } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { Worker } from '../kafka/worker.js';
import { done, Members, messages, values } from './members.js';
import type { OpenCommandSource } from './members.js';

/** What a source does with a broker that is away, that refuses it or does not answer. */
export const itSurvivesItsBroker = (open: OpenCommandSource): void => {
  let members: Members;
  beforeEach(() => {
    members = new Members(open);
  });
  afterEach(() => members.end());

  describeWithKafka('with a broker that refuses it, it', () => {
    beforeEach(() => members.onSharedBroker());

    it('waits for a topic that is not there, and says so', async () => {
      members.topic = `${members.topic}.later`;
      const worker = new Worker();
      await members.start(worker);
      await until('it says so', () => members.heard.state === 'away');
      expect(members.heard.states.at(-1)!.detail).toContain(`there is no topic ${members.topic}`);
      await createTopics(members.address, [members.topic]);
      await produce(members.address, members.topic, messages(0, 10));
      await done(worker, 10);
      await members.consuming();
    });

    describe('where the broker answers with errors', () => {
      let proxy: BrokerProxy;
      beforeEach(async () => {
        proxy = await BrokerProxy.before(members.address);
      });
      afterEach(() => proxy.close());

      it.each([
        ['heartbeat', -1, 'unexpected error'],
        ['heartbeat', 30, 'Not authorized to access group'],
        ['fetch', -1, 'unexpected error'],
        ['fetch', 29, 'Not authorized to access topics'],
      ] as const)('comes back after %s answers %i', async (api, error, reason) => {
        const worker = new Worker();
        await members.start(worker, members.heard, proxy.address);
        await produce(members.address, members.topic, messages(0, 10));
        await done(worker, 10);
        proxy.answers(api, error);
        await until('it has died and been replaced', () => members.heard.restarted.length > 0);
        await until('it says what is wrong', () => members.heard.state === 'away');
        expect(members.heard.states.at(-1)!.detail).toContain(reason);
        proxy.answers(api);
        await produce(members.address, members.topic, messages(10, 20));
        await done(worker, 20);
        await members.consuming();
      });
    });
  });

  describeWithOwnKafka('with a broker that comes and goes, it', () => {
    it('waits for a broker that is not there yet, and says so', async () => {
      const broker = await ownBroker();
      members.address = broker.address;
      await createTopics(members.address, [members.topic]);
      await produce(members.address, members.topic, messages(0, 10));
      await broker.stop();
      const worker = new Worker();
      await members.start(worker);
      await until('it says so', () => members.heard.state === 'away');
      expect(members.heard.states.at(-1)!.detail).toContain(members.address);
      await broker.start();
      await done(worker, 10);
      await members.consuming();
    });

    it('goes on where it was when the broker is back with its records, and loses nothing', async () => {
      const broker = await ownBroker();
      members.address = broker.address;
      await createTopics(members.address, [members.topic]);
      const worker = new Worker();
      await members.start(worker);
      await produce(members.address, members.topic, messages(0, 100));
      await done(worker, 100);
      await broker.kill();
      await until('it says that it is away', () => members.heard.state === 'away');
      await broker.start();
      await produce(members.address, members.topic, messages(100, 200));
      await until('all is worked off', () => new Set(worker.doneValues).size === 200);
      await members.consuming();
    });

    it('says that it is away while the broker does not answer, and goes on when it does', async () => {
      const broker = await ownBroker();
      members.address = broker.address;
      await createTopics(members.address, [members.topic]);
      const worker = new Worker();
      await members.start(worker);
      await members.consuming();
      await broker.freeze();
      await until('it says so', () => members.heard.state === 'away');
      await broker.thaw();
      await produce(members.address, members.topic, messages(0, 10));
      await done(worker, 10);
      await members.consuming();
    });

    it('works on one group at a time, however many brokers hand over batches', async () => {
      const brokers = await ownCluster(3);
      members.address = brokers[0]!.address;
      await createTopics(members.address, [members.topic]);
      const worker = new Worker(async (at) => {
        for (let beats = 0; beats < 20; beats += 1) await at.heartbeat();
      });
      await members.start(worker);
      await members.consuming();
      for (let from = 0; from < 1_000; from += 100) {
        await produce(members.address, members.topic, messages(from, from + 100, 30));
      }
      await done(worker, 1_000);
      expect(worker.mostAtOnce).toBe(1);
      expect(worker.doneValues.toSorted()).toEqual(values(0, 1_000));
    });
  });
};

import { once } from 'node:events';
import { connect } from 'node:net';
import { Kafka } from 'kafkajs';
import { createTopics, produce, readAll, readUntil, uniquePrefix } from './topics.js';
import { ownBroker, ownCluster } from './own-broker.js';
import type { OwnBroker } from './own-broker.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka, describeWithOwnKafka } from './suites.js';

describeWithKafka('the broker that all suites of a run share', () => {
  const topic = `${uniquePrefix()}letters`;

  it('is the same for all who ask', async () => {
    const [one, other] = await Promise.all([sharedBroker(), sharedBroker()]);
    expect(one).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(other).toBe(one);
  });

  it('keeps what is written, key by key in its order', async () => {
    const address = await sharedBroker();
    await createTopics(address, [topic]);
    await expect(readAll(address, topic)).resolves.toEqual([]);
    const messages = ['a', 'b', 'a', 'c', 'a'].map((key, index) => ({ key, value: `${index}` }));
    await produce(address, topic, messages);
    const records = await readAll(address, topic);
    expect(records).toHaveLength(5);
    const ofA = records.filter(({ key }) => key?.toString() === 'a');
    expect(ofA.map(({ value }) => value?.toString())).toEqual(['0', '2', '4']);
  });

  it('tells who waits for records when they are there', async () => {
    const address = await sharedBroker();
    const waiting = readUntil(address, topic, (records) => records.length === 6);
    await produce(address, topic, [{ key: 'd', value: 'at last', headers: { h: ['x', 'y'] } }]);
    const last = (await waiting).find(({ key }) => key?.toString() === 'd');
    expect(last?.headers.get('h')?.map(String)).toEqual(['x', 'y']);
  });
});

describeWithOwnKafka("a broker of the suite's own", () => {
  let broker: OwnBroker;
  const topic = 'letters';
  beforeAll(async () => {
    broker = await ownBroker({ 'num.partitions': '7' });
  });

  it.each(['stop', 'kill'] as const)(
    'has its records after %s and start, on its port',
    async (end) => {
      const { address } = broker;
      await createTopics(address, [end]);
      await produce(address, end, [{ key: 'k', value: 'kept' }]);
      await broker[end]();
      await expect(isReachable(address)).resolves.toBe(false);
      await broker.start();
      expect((await readAll(address, end)).map(({ value }) => String(value))).toEqual(['kept']);
    },
  );

  it('answers nobody while it is held', async () => {
    const impatient = { requestTimeout: 300, retry: { retries: 0 } };
    const admin = new Kafka({ ...impatient, brokers: [broker.address], logLevel: 0 }).admin();
    await admin.connect();
    await expect(admin.listTopics()).resolves.toBeInstanceOf(Array);
    await broker.freeze();
    // kafkajs says that it timed out, or trips over the answer that it does not have.
    await expect(admin.listTopics()).rejects.toThrow(/timed out|as it is null/);
    await broker.thaw();
    await expect(readAll(broker.address, 'stop')).resolves.toHaveLength(1);
    await admin.disconnect();
  });

  it('can be one of three', async () => {
    const cluster = await ownCluster(3);
    expect(cluster.map(({ id }) => id)).toEqual([1, 2, 3]);
    await createTopics(cluster[0]!.address, [topic]);
    await produce(cluster[1]!.address, topic, [{ key: 'k', value: 'three times' }]);
    await cluster[0]!.kill();
    const records = await readAll(cluster[2]!.address, topic);
    expect(records.map(({ value }) => String(value))).toEqual(['three times']);
  });
});

const isReachable = async (address: string): Promise<boolean> => {
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
  const reached = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return reached;
};

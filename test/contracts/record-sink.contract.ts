import { randomUUID } from 'node:crypto';
import { UnacknowledgedRecords } from '#kafka/record-sink.js';
import type { RecordSink } from '#kafka/record-sink.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { BrokerProxy } from '../kafka/broker-proxy.js';
import { endOwnBrokers, ownBroker, ownCluster } from '../kafka/own-broker.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka, describeWithOwnKafka } from '../kafka/suites.js';
import { createTopic, createTopics, plainClient, readAll, uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';

/** Opens a sink that publishes to the brokers at `addresses`; the suite closes it. */
export type OpenRecordSink = (addresses: readonly string[]) => RecordSink;

const answer = (topic: string, value: string, more: Partial<OutRecord> = {}): OutRecord => ({
  topic,
  key: 'default/auth_4563',
  value,
  headers: {},
  ...more,
});

/** One for each of two partitions. */
const both = (round: string): readonly OutRecord[] =>
  [0, 1].map((partition) => answer('answers', `${partition} ${round}`, { partition }));

const valuesOf = (records: readonly InboundRecord[]): string[] =>
  records.map(({ value }) => String(value));

/** What every sink for our own topics must do, on a real broker, whatever driver it uses. */
export const itKeepsTheRecordSinkContract = (open: OpenRecordSink): void => {
  let sink: RecordSink;
  afterEach(async () => {
    await sink.close();
    await endOwnBrokers();
  });

  describeWithKafka('publishing', () => {
    let address: string;
    let topic: string;
    beforeEach(async () => {
      address = await sharedBroker();
      topic = `${uniquePrefix()}answers`;
      await createTopics(address, [topic]);
      sink = open([address]);
    });

    it('writes what it is given, byte by byte', async () => {
      const bytes = Buffer.from([0, 255, 128, 10]);
      const headers = { ce_id: 'é☃', 'ledger-repeat': ['true', bytes], empty: '' };
      await sink.publish([
        answer(topic, 'text ☃', { headers, partition: 1 }),
        answer(topic, '', { key: null, value: bytes, partition: 1 }),
        answer(topic, '', { key: bytes, value: null, partition: 1 }),
      ]);
      const [first, second, third] = await readAll(address, topic);
      expect(first).toMatchObject({ key: Buffer.from('default/auth_4563'), partition: 1 });
      expect(String(first!.value)).toBe('text ☃');
      expect(Object.fromEntries(first!.headers)).toEqual({
        ce_id: [Buffer.from('é☃')],
        empty: [Buffer.alloc(0)],
        'ledger-repeat': [Buffer.from('true'), bytes],
      });
      expect(second).toMatchObject({ key: null, value: bytes });
      expect(third).toMatchObject({ key: bytes, value: null });
    });

    it('puts a key where senders in Java and kafkajs put it', async () => {
      const keys = Array.from({ length: 50 }, () => randomUUID());
      await sink.publish(keys.map((key) => answer(topic, 'ours', { key })));
      const producer = plainClient(address).producer();
      await producer.connect();
      await producer.send({ topic, messages: keys.map((key) => ({ key, value: 'theirs' })) });
      await producer.disconnect();

      const partitions = new Map<string, Set<number>>();
      for (const { key, partition } of await readAll(address, topic)) {
        const of = partitions.get(String(key)) ?? new Set();
        partitions.set(String(key), of.add(partition));
      }
      expect(partitions.size).toBe(50);
      expect([...partitions.values()].filter(({ size }) => size !== 1)).toEqual([]);
    });

    it('writes 5 000 records of 1 KiB under one key, in their order', async () => {
      const values = Array.from({ length: 5_000 }, (_, index) => `${index}:`.padEnd(1_024, 'x'));
      await sink.publish(values.map((value) => answer(topic, value)));
      expect(valuesOf(await readAll(address, topic))).toEqual(values);
    });

    it('rejects where there is no such topic, and publishes when there is one', async () => {
      const later = `${topic}.later`;
      await expect(sink.publish([answer(later, 'early')])).rejects.toThrow(Error);
      await createTopics(address, [later]);
      await sink.publish([answer(later, 'in time')]);
      expect(valuesOf(await readAll(address, later))).toEqual(['in time']);
    });

    it('rejects what the broker refuses, and goes on', async () => {
      const large = 'x'.repeat(2 * 1024 * 1024);
      await expect(sink.publish([answer(topic, large)])).rejects.toThrow(Error);
      for (const value of ['one', 'two', 'three']) await sink.publish([answer(topic, value)]);
      expect(valuesOf(await readAll(address, topic))).toEqual(['one', 'two', 'three']);
    });

    it('loses nothing after a send of which the broker had written what it seemed to refuse', async () => {
      const proxy = await BrokerProxy.before(address);
      await sink.close();
      sink = open([proxy.address]);
      proxy.answers('produce', -1);
      await expect(sink.publish([answer(topic, 'one', { partition: 0 })])).rejects.toThrow(Error);
      proxy.answers('produce');
      await sink.publish([answer(topic, 'two', { partition: 0 })]);
      proxy.close();
      expect(valuesOf(await readAll(address, topic))).toEqual(['one', 'two']);
    });

    it('rejects records for a partition that the topic does not have', async () => {
      const lost = answer(topic, 'lost', { partition: 999_999 });
      await expect(sink.publish([lost])).rejects.toThrow(UnacknowledgedRecords);
      expect(await readAll(address, topic)).toEqual([]);
    });

    it('gives up between two rounds where the one who waits must', async () => {
      const lost = answer(topic, 'lost', { partition: 999_999 });
      const notOurs = new Error('the group is not ours any more');
      let beats = 0;
      const beat = async (): Promise<void> => {
        beats += 1;
        if (beats === 2) throw notOurs;
      };
      await expect(sink.publish([lost], beat)).rejects.toBe(notOurs);
      expect(beats).toBe(2);
    });

    it('has nothing to do with no records', async () => {
      await expect(sink.publish([])).resolves.toBeUndefined();
    });

    it('publishes for several at once', async () => {
      const values = Array.from({ length: 20 }, (_, index) => `${index}`);
      await Promise.all(values.map((value) => sink.publish([answer(topic, value)])));
      expect(valuesOf(await readAll(address, topic)).toSorted()).toEqual(values.toSorted());
    });
  });

  describeWithOwnKafka('publishing to a broker that is away', () => {
    it('rejects, and publishes the same records when it is back', async () => {
      const broker = await ownBroker();
      await createTopics(broker.address, ['answers']);
      sink = open([broker.address]);
      await sink.publish([answer('answers', 'before')]);
      await broker.stop();
      await expect(sink.publish([answer('answers', 'after')])).rejects.toThrow(Error);
      await broker.start();
      await until('the broker takes records again', async () => {
        await sink.publish([answer('answers', 'after')]);
        return true;
      });
      expect(new Set(valuesOf(await readAll(broker.address, 'answers')))).toEqual(
        new Set(['before', 'after']),
      );
    });
  });

  describeWithOwnKafka('publishing to three brokers', () => {
    it('loses nothing where a leader moves to a broker that has acknowledged its share', async () => {
      const brokers = await ownCluster(3);
      const { address } = brokers[0]!;
      const replicaAssignment = [
        { partition: 0, replicas: [1, 3] },
        { partition: 1, replicas: [2, 3] },
      ];
      await createTopic(address, { topic: 'answers', replicaAssignment });
      const admin = plainClient(address).admin();
      await admin.connect();
      sink = open([address]);
      await until('both partitions have their leaders', async () => {
        await sink.publish(both('before'));
        return true;
      });

      await admin.alterPartitionReassignments({
        topics: [{ topic: 'answers', partitionAssignment: [{ partition: 1, replicas: [1, 3] }] }],
      });
      await until('broker 1 leads both', async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: ['answers'] });
        return topics[0]!.partitions.every(({ leader }) => leader === 1);
      });
      await admin.disconnect();
      // The sink still believes that broker 2 leads partition 1.
      await sink.publish(both('after'));

      const written = valuesOf(await readAll(address, 'answers'));
      expect(written.filter((value) => value.endsWith('after')).toSorted()).toEqual([
        '0 after',
        '1 after',
      ]);
    });
  });
};

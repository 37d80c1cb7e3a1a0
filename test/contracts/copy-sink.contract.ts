import type { CopySink } from '#kafka/copy-sink.js';
import type { OutRecord } from '#kafka/records.js';
import { Heard } from '../kafka/heard.js';
import { endOwnBrokers, ownBroker } from '../kafka/own-broker.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka, describeWithOwnKafka } from '../kafka/suites.js';
import { createTopics, deleteTopic, readAll, uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';

/** Opens a sink that copies to the broker at `address`; the suite closes it. */
export type OpenCopySink = (address: string, heard: Heard) => CopySink;

/** Milliseconds: more than any broker here needs, where time is not what a test is about. */
const ENOUGH = 20_000;

const copyOf = (topic: string, value: string, partition?: number): OutRecord => ({
  topic,
  key: 'default/auth_4563',
  value,
  headers: { 'kafka_nest-is-disposed': '' },
  ...(partition !== undefined && { partition }),
});

const valuesOn = async (address: string, topic: string): Promise<string[]> =>
  (await readAll(address, topic)).map(({ value }) => String(value));

/** What every sink for callers' topics must do, on a real broker, whatever driver it uses. */
export const itKeepsTheCopySinkContract = (open: OpenCopySink): void => {
  let sink: CopySink;
  let heard: Heard;
  beforeEach(() => {
    heard = new Heard();
  });
  afterEach(async () => {
    await sink.close();
    await endOwnBrokers();
  });

  describeWithKafka('copying', () => {
    let address: string;
    let topic: string;
    beforeEach(async () => {
      address = await sharedBroker();
      topic = `${uniquePrefix()}commands.reply`;
      await createTopics(address, [topic]);
      sink = open(address, heard);
    });

    it('writes to the partition that the caller reads, else to any', async () => {
      await sink.copy([copyOf(topic, 'mine', 2), copyOf(topic, 'whoever reads it')], ENOUGH);
      const records = await readAll(address, topic);
      expect(records.map(({ value }) => String(value)).toSorted()).toEqual([
        'mine',
        'whoever reads it',
      ]);
      const mine = records.find(({ value }) => String(value) === 'mine');
      expect(mine).toMatchObject({ partition: 2, key: Buffer.from('default/auth_4563') });
      expect(mine!.headers.get('kafka_nest-is-disposed')).toEqual([Buffer.alloc(0)]);
      expect(heard.copiesFailed).toEqual([]);
    });

    it('writes all others where a topic is not there, and tells each copy that was not written', async () => {
      const nowhere = `${topic}.nowhere`;
      await sink.copy(
        [copyOf(nowhere, 'lost'), copyOf(topic, 'there'), copyOf(nowhere, 'lost, too')],
        ENOUGH,
      );
      expect(await valuesOn(address, topic)).toEqual(['there']);
      expect(heard.copiesFailed.map((failed) => failed.topic)).toEqual([nowhere, nowhere]);
      expect(heard.copiesFailed[0]!.failure).toBe('unknown_topic');
      await sink.copy([copyOf(topic, 'there, too')], ENOUGH);
      expect((await valuesOn(address, topic)).toSorted()).toEqual(['there', 'there, too']);
    });

    it.each([999_999, -1, NaN])('writes all others where there is no partition %p', async (one) => {
      await sink.copy([copyOf(topic, 'lost', one), copyOf(topic, 'there', 0)], ENOUGH);
      expect(await valuesOn(address, topic)).toEqual(['there']);
      expect(heard.copiesFailed).toEqual([
        { topic, why: 'the topic has no such partition', failure: 'unusable_partition' },
      ]);
    });

    it.each(['..', 'é', 'x'.repeat(250), ''])('survives a topic named %j', async (name) => {
      await sink.copy([copyOf(name, 'lost'), copyOf(topic, 'there')], ENOUGH);
      expect(await valuesOn(address, topic)).toEqual(['there']);
      expect(heard.copiesFailed).toHaveLength(1);
    });

    it('goes on where a topic that it has written to is taken away', async () => {
      const shortLived = `${topic}.short-lived`;
      await createTopics(address, [shortLived]);
      await sink.copy([copyOf(shortLived, 'a'), copyOf(topic, 'b')], ENOUGH);
      await deleteTopic(address, shortLived);
      await sink.copy([copyOf(shortLived, 'lost')], ENOUGH);
      await sink.copy([copyOf(topic, 'c')], ENOUGH);
      expect((await valuesOn(address, topic)).toSorted()).toEqual(['b', 'c']);
      expect(heard.copiesFailed.map((failed) => failed.topic)).toEqual([shortLived]);
    });

    it('writes many copies for one partition', async () => {
      const values = Array.from({ length: 2_000 }, (_, index) => `${index}:`.padEnd(1_024, 'x'));
      await sink.copy(
        values.map((value) => copyOf(topic, value, 1)),
        ENOUGH,
      );
      expect(await valuesOn(address, topic)).toEqual(values);
    });

    it('has nothing to do with no copies', async () => {
      await expect(sink.copy([], ENOUGH)).resolves.toBeUndefined();
    });
  });

  describeWithOwnKafka('copying to a broker in trouble', () => {
    it('takes no longer than it may where the broker does not answer, and tells', async () => {
      const broker = await ownBroker();
      await createTopics(broker.address, ['a.reply', 'b.reply']);
      sink = open(broker.address, heard);
      await sink.copy([copyOf('a.reply', 'before')], ENOUGH);
      await broker.freeze();
      // These must resolve although nothing lets the broker go on.
      await until('the broker is held', async () => {
        await sink.copy([copyOf('a.reply', 'late')], 300);
        return heard.copiesFailed.length > 0;
      });
      await sink.copy([copyOf('a.reply', 'late'), copyOf('b.reply', 'late')], 300);
      await broker.thaw();
      expect(heard.copiesFailed.map(({ topic }) => topic).toSorted()).toEqual([
        'a.reply',
        'a.reply',
        'b.reply',
      ]);
      for (const { why, failure } of heard.copiesFailed) {
        expect([why, failure]).toEqual([expect.stringContaining('300 ms'), 'too_late']);
      }
    });

    it('tells where the broker is away, and copies when it is back', async () => {
      const broker = await ownBroker();
      await createTopics(broker.address, ['a.reply', 'b.reply']);
      sink = open(broker.address, heard);
      await broker.stop();
      await sink.copy([copyOf('a.reply', 'lost')], ENOUGH);
      expect(heard.copiesFailed.map(({ topic }) => topic)).toEqual(['a.reply']);
      await broker.start();
      await sink.copy([copyOf('b.reply', 'there')], ENOUGH);
      expect(await valuesOn(broker.address, 'b.reply')).toEqual(['there']);
    });
  });
};

import { TopicAdmin } from '#kafka/topic-admin.js';
import { topicNames } from '#kafka/topic-names.js';
import { commandTopics } from '#kafka/topics.js';
import { systemClock } from '#runtime/system-clock.js';
import { runJava } from './java-program.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithOwnKafka } from './suites.js';
import { createTopics, PARTITIONS, produce, readAll, uniquePrefix } from './topics.js';

type Packed = Readonly<{ codecs: readonly string[]; count: number; bytes: number }>;

/** Java's producer, since kafkajs packs in nothing but gzip. @returns what became of each record. */
const sendPacked = async (
  address: string,
  topic: string,
  { codecs, count, bytes }: Packed,
): Promise<readonly string[]> => {
  const source = 'test/kafka/java/PackedSender.java';
  const said = await runJava(source, address, topic, codecs.join(), `${count}`, `${bytes}`);
  return said.split('\n').filter((line) => codecs.some((codec) => line.startsWith(`${codec} `)));
};

const BOMB = { count: 1, bytes: 50_000_000 };

describeWithOwnKafka('what senders pack', () => {
  const prefix = uniquePrefix();
  const { commands } = topicNames(prefix);
  let address: string;

  beforeAll(async () => {
    address = await sharedBroker();
    const admin = new TopicAdmin({
      connection: { brokers: [address], clientId: 'topics' },
      log: () => undefined,
      clock: systemClock,
    });
    await admin.create(commandTopics(topicNames(prefix), PARTITIONS));
  });

  it('in lz4, snappy, zstd or gzip comes unpacked to a reader of commands', async () => {
    const codecs = ['lz4', 'snappy', 'zstd', 'gzip'];
    const letters = { codecs, count: 50, bytes: 2_000 };
    const fates = await sendPacked(address, commands, letters);
    expect(fates).toHaveLength(200);
    expect(fates.filter((fate) => !fate.endsWith(' written'))).toEqual([]);

    const records = await readAll(address, commands);
    const keys = codecs.flatMap((codec) => Array.from({ length: 50 }, (_, i) => `${codec}-${i}`));
    expect(records.map(({ key }) => String(key)).toSorted()).toEqual(keys.toSorted());
    expect(records.every(({ value }) => value?.toString() === 'x'.repeat(2_000))).toBe(true);
  });

  it('may not be 50 MB in a few kB, and the next command is taken', async () => {
    const before = await readAll(address, commands);
    const fates = await sendPacked(address, commands, { codecs: ['gzip', 'zstd'], ...BOMB });
    const why =
      'The request included a message larger than the max message size the server will accept.';
    expect(fates).toEqual([`gzip refused: ${why}`, `zstd refused: ${why}`]);
    await produce(address, commands, [{ key: 'next', value: 'next' }]);
    await expect(readAll(address, commands)).resolves.toHaveLength(before.length + 1);
  });

  it("is taken by a topic with a broker's own settings, and there its partition can be read no more", async () => {
    const careless = `${prefix}careless`;
    await createTopics(address, [careless]);
    const fates = await sendPacked(address, careless, { codecs: ['zstd'], ...BOMB });
    expect(fates).toEqual(['zstd written']);
    await expect(readAll(address, careless)).rejects.toThrow(/ZSTD compression not implemented/);
  });
});

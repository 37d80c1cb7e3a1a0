import { ConfigResourceTypes } from '#kafka/kafkajs.js';
import { isUnreachable } from '#kafka/kafkajs-errors.js';
import { TopicAdmin } from '#kafka/topic-admin.js';
import { TopicPromiseBroken, TopicsMissing } from '#kafka/topic-errors.js';
import { topicNames } from '#kafka/topic-names.js';
import { brokenPromises, mendingLine, missingTopics } from '#kafka/topic-plan.js';
import { commandTopics } from '#kafka/topics.js';
import type { TopicSpecification } from '#kafka/topics.js';
import { systemClock } from '#runtime/system-clock.js';
import { freePorts } from '../../tools/kafka/ports.js';
import { runJava } from './java-program.js';
import { ownCluster } from './own-broker.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka, describeWithOwnKafka } from './suites.js';
import { asOperator, createTopics, PARTITIONS, uniquePrefix } from './topics.js';

const adminOf = (address: string): TopicAdmin =>
  new TopicAdmin({
    connection: { brokers: [address], clientId: 'topics' },
    log: () => undefined,
    clock: systemClock,
  });

/** Topics that nobody else has. */
const wantedTopics = (): readonly TopicSpecification[] =>
  commandTopics(topicNames(uniquePrefix()), PARTITIONS);

/** Every setting that is in force, whoever set it, as kafkajs tells it. */
const settingsOn = async (address: string, name: string): Promise<unknown> => {
  const { resources } = await asOperator(address, (admin) =>
    admin.describeConfigs({
      includeSynonyms: true,
      resources: [{ type: ConfigResourceTypes.TOPIC, name }],
    }),
  );
  return resources[0]!.configEntries;
};

describeWithKafka('topics on a real broker', () => {
  it('are made where they are missing, with their settings', async () => {
    const address = await sharedBroker();
    const admin = adminOf(address);
    const wanted = wantedTopics();
    expect(missingTopics(await admin.plan(wanted))).toEqual(wanted);
    await expect(admin.check(wanted, false)).rejects.toThrow(TopicsMissing);

    const plan = await admin.create(wanted);
    expect(plan.flatMap(({ differences }) => differences)).toEqual([]);
    expect(plan.map(({ existing }) => existing?.partitions)).toEqual([3, 3, 3]);
    await expect(admin.check(wanted, false)).resolves.toEqual([]);
  });

  it('may be made by several ledgers at once', async () => {
    const address = await sharedBroker();
    const wanted = wantedTopics();
    const ledgers = [adminOf(address), adminOf(address), adminOf(address)];
    const checks = ledgers.map((admin) => admin.check(wanted, true));
    await expect(Promise.all(checks)).resolves.toHaveLength(3);
  });

  it('that are there are never altered, whatever their settings', async () => {
    const address = await sharedBroker();
    const admin = adminOf(address);
    const wanted = wantedTopics();
    const [commands] = wanted;
    // As somebody else made it: not unpacked by the broker, and with settings that are nobody's default.
    await createTopics(address, [commands!.name], {
      'compression.type': 'lz4',
      'segment.bytes': '10485760',
      'retention.ms': '1234567',
    });
    const before = await settingsOn(address, commands!.name);

    const refusal: unknown = await admin.check(wanted, true).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TopicPromiseBroken);
    expect(String(refusal)).toContain(`${commands!.name} has compression.type=lz4`);
    expect(String(refusal)).toContain(
      `\n  kafka-configs.sh --bootstrap-server ${address} --alter --entity-type topics ` +
        `--entity-name ${commands!.name} --add-config compression.type=uncompressed`,
    );
    expect(await settingsOn(address, commands!.name)).toEqual(before);
    const plan = await admin.plan(wanted);
    expect(missingTopics(plan)).toEqual([]);
  });

  it('that are only of another choice are told, and used', async () => {
    const address = await sharedBroker();
    const wanted = wantedTopics();
    await createTopics(address, [wanted[2]!.name], {
      'retention.ms': '60000',
      'max.message.bytes': '1048588',
    });
    expect(await adminOf(address).check(wanted, true)).toMatchObject([
      { topic: wanted[2]!.name, is: '60000', expected: { must: '86400000' } },
    ]);
  });

  it('cannot be looked at where there is no broker', async () => {
    const [port] = await freePorts(1);
    const error: unknown = await adminOf(`127.0.0.1:${port}`)
      .check(wantedTopics(), true)
      .catch((reason: unknown) => reason);
    expect(isUnreachable(error)).toBe(true);
  });
});

describeWithOwnKafka('topics beside Java', () => {
  it('are mended by the line that is printed, which leaves all other settings alone', async () => {
    const address = await sharedBroker();
    const admin = adminOf(address);
    const wanted = wantedTopics();
    const [commands] = wanted;
    await createTopics(address, [commands!.name], {
      'compression.type': 'gzip',
      'segment.bytes': '10485760',
    });
    const [broken] = brokenPromises(await admin.create(wanted));
    const [script, ...args] = mendingLine(broken!, [address]).split(' ');
    expect(script).toBe('kafka-configs.sh');
    // The script is this class and the class path.
    await runJava('kafka.admin.ConfigCommand', ...args);

    await expect(admin.check(wanted, false)).resolves.toEqual([]);
    expect(await settingsOn(address, commands!.name)).toContainEqual(
      expect.objectContaining({ configName: 'segment.bytes', configValue: '10485760' }),
    );
  });

  it('have three replicas on three brokers, and are known to all of them', async () => {
    const brokers = await ownCluster(3);
    const wanted = wantedTopics();
    const plan = await adminOf(brokers[0]!.address).create(wanted);
    expect(plan.map(({ existing }) => existing?.replicas)).toEqual([3, 3, 3]);
    expect(plan.flatMap(({ differences }) => differences)).toEqual([]);
  });
});

import { ledgerTopics } from '#kafka/ledger-topics.js';
import { topicNames } from '#kafka/topic-names.js';
import { freePorts } from '../../tools/kafka/ports.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { createTopics, uniquePrefix } from '../kafka/topics.js';
import { startLedger } from './child-ledger.js';
import { consumes, onKafka } from './kafka-ledger.js';
import { Program, cleanUp, temporaryFolder } from './program.js';

afterEach(cleanUp);

const topics = async (
  prefix: string,
  ...args: readonly string[]
): Promise<Readonly<{ ended: unknown; lines: readonly string[] }>> => {
  const program = new Program('cli.js', ['topics', ...args], {
    KAFKA_BROKERS: await sharedBroker(),
    LEDGER_KAFKA_TOPIC_PREFIX: prefix,
    LEDGER_KAFKA_PARTITIONS: '3',
  });
  const ended = await program.ended();
  expect(program.stderr).toBe('');
  return { ended, lines: program.stdout.trimEnd().split('\n') };
};

/** Letters of the longest name. */
const widest = (prefix: string): number => topicNames(prefix)['capture-sequence'].length;

describeWithKafka('npm run topics', () => {
  it('shows what is missing, and makes it when it is told to', async () => {
    const prefix = uniquePrefix();
    const before = await topics(prefix);
    expect(before.ended).toBe(2);
    expect(before.lines).toContain(
      `  ${`${prefix}capture.answers.v1`.padEnd(widest(prefix))}   missing; wanted: 3 partitions, ` +
        'max.message.bytes=1048588, cleanup.policy=delete, retention.ms=86400000',
    );
    expect(before.lines.at(-1)).toBe('10 topics missing: npm run topics -- --create');

    const made = await topics(prefix, '--create');
    expect(made.ended).toBe(0);
    expect(made.lines).toEqual([
      `Topics on ${await sharedBroker()}`,
      '',
      ...ledgerTopics(topicNames(prefix), 3).map(
        ({ name, partitions }) =>
          `  ${name.padEnd(widest(prefix))}   ${partitions} partition${partitions === 1 ? '' : 's'}, 1 replica, as wanted`,
      ),
      '',
      'All is as wanted.',
    ]);
    await expect(topics(prefix)).resolves.toEqual(made);
  });

  it('shows what would break a promise, and the command that mends it, and alters nothing', async () => {
    const prefix = uniquePrefix();
    const address = await sharedBroker();
    await createTopics(address, [`${prefix}capture.commands.v1`]);
    const made = await topics(prefix, '--create');
    expect(made.ended).toBe(2);
    expect(made.lines).toContain(
      `      kafka-configs.sh --bootstrap-server ${address} --alter --entity-type topics ` +
        `--entity-name ${prefix}capture.commands.v1 --add-config compression.type=uncompressed`,
    );
    expect(made.lines.at(-1)).toBe('1 setting to be mended before commands are taken.');
    await expect(topics(prefix, '--create')).resolves.toEqual(made);
  });
});

describeWithKafka('npm start on a topic of another choice', () => {
  it('says once what is not as it is meant to be, and takes commands', async () => {
    const prefix = uniquePrefix();
    const address = await sharedBroker();
    const settings = { 'retention.ms': '60000', 'max.message.bytes': '1048588' };
    await createTopics(address, [`${prefix}capture.answers.v1`], settings);
    const environment = { ...onKafka(address, prefix), LEDGER_LOG_LEVEL: 'warn' };
    const ledger = await startLedger(temporaryFolder(), environment);
    await consumes(ledger);
    expect(ledger.program.stderr.match(/"setting":"retention\.ms","is":"60000"/g)).toHaveLength(1);
    expect(ledger.program.stderr).toContain('`npm run topics` prints what mends it');
  });
});

describe('npm run topics', () => {
  it('says what to do where no brokers are configured', async () => {
    const program = new Program('cli.js', ['topics']);
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stdout).toBe('');
    expect(program.stderr).toMatch(
      /^There are no topics to look at \(no brokers are configured\)\n {2}KAFKA_BROKERS is not set/,
    );
  });

  it('says that no broker can be reached', async () => {
    const [port] = await freePorts(1);
    const program = new Program('cli.js', ['topics'], { KAFKA_BROKERS: `127.0.0.1:${port}` });
    await expect(program.ended()).resolves.toBe(3);
    expect(program.stdout).toBe('');
    expect(program.stderr).toMatch(
      new RegExp(`^Cannot look at the topics on 127\\.0\\.0\\.1:${port} \\(.*ECONNREFUSED`),
    );
  });
});

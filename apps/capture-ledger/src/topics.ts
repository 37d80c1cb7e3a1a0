import { isUnreachable } from '#kafka/kafkajs-errors.js';
import { TopicAdmin } from '#kafka/topic-admin.js';
import { TopicForbidden } from '#kafka/topic-errors.js';
import { topicNames } from '#kafka/topic-names.js';
import { brokenPromises, mendingLine, missingTopics, settingsOf } from '#kafka/topic-plan.js';
import type { Difference, PlannedTopic, TopicPlan } from '#kafka/topic-plan.js';
import { ledgerTopics } from '#kafka/ledger-topics.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import { kafkaConnection, unheard } from './kafka-connection.js';

/**
 * Prints what topics the ledger wants, what is there, and the commands that mend the difference.
 *
 * @param create makes the topics that are missing. Those that are there are left as they are.
 * @returns the exit code: `usage` where the ledger would take no commands from these topics.
 * @throws {Trouble} no brokers are configured, none can be reached, or they do not let us look.
 */
export const topics = async (
  { kafka, origins }: Configuration,
  { create }: Readonly<{ create: boolean }>,
): Promise<number> => {
  const setting = { name: 'KAFKA_BROKERS', origin: origins.KAFKA_BROKERS } as const;
  if (!kafka) {
    throw new Trouble({
      what: 'There are no topics to look at',
      cause: 'no brokers are configured',
      setting,
      cures: [
        { command: 'KAFKA_BROKERS=localhost:9092 npm run topics', effect: 'looks at them' },
        { command: 'npm run kafka', effect: 'starts a broker on this machine' },
      ],
      exitCode: exitCodes.usage,
    });
  }
  const plan = await planOf(kafka, create).catch((cause: unknown) => {
    const ours = isUnreachable(cause) || cause instanceof TopicForbidden;
    throw new Trouble({
      what: `Cannot ${create ? 'make' : 'look at'} the topics on ${kafka.brokers.join(', ')}`,
      cause,
      setting,
      cures: [],
      exitCode: ours ? exitCodes.unreachable : exitCodes.unexpected,
    });
  });
  process.stdout.write(`${topicLines(plan, kafka.brokers).join('\n')}\n`);
  const unusable = brokenPromises(plan).length > 0 || missingTopics(plan).length > 0;
  return unusable ? exitCodes.usage : exitCodes.ok;
};

const planOf = (kafka: KafkaConfiguration, create: boolean): Promise<TopicPlan> => {
  const admin = new TopicAdmin({
    connection: kafkaConnection(kafka),
    log: unheard,
    clock: systemClock,
  });
  const wanted = ledgerTopics(topicNames(kafka.topicPrefix), kafka.partitions);
  return create ? admin.create(wanted) : admin.plan(wanted);
};

/** A plan for a person: a topic a line, below it what differs and the command that mends it. */
export const topicLines = (plan: TopicPlan, brokers: readonly string[]): readonly string[] => {
  const widest = Math.max(...plan.map(({ wanted }) => wanted.name.length));
  return [
    `Topics on ${brokers.join(', ')}`,
    '',
    ...plan.flatMap((topic) => [
      `  ${topic.wanted.name.padEnd(widest)}   ${stateOf(topic)}`,
      ...topic.differences.flatMap((difference) => differenceLines(difference, brokers)),
    ]),
    '',
    ...verdict(plan),
  ];
};

const stateOf = ({ wanted, existing, differences }: PlannedTopic): string => {
  if (!existing) {
    const settings = settingsOf(wanted).map(({ name, value }) => `${name}=${value}`);
    return `missing; wanted: ${counted(wanted.partitions, 'partition')}, ${settings.join(', ')}`;
  }
  const size = `${counted(existing.partitions, 'partition')}, ${counted(existing.replicas, 'replica')}`;
  return differences.length === 0 ? `${size}, as wanted` : size;
};

const differenceLines = (difference: Difference, brokers: readonly string[]): readonly string[] => {
  const { is, expected } = difference;
  const word = expected.otherwise === 'promise-broken' ? 'must be' : 'is meant to be';
  return [
    `    ${expected.setting} is ${is ?? 'unknown to the broker'}, and ${word} ${expected.must}: ${expected.why}`,
    `      ${mendingLine(difference, brokers)}`,
  ];
};

const verdict = (plan: TopicPlan): readonly string[] => {
  const missing = missingTopics(plan).length;
  const broken = brokenPromises(plan).length;
  const differing = plan.flatMap(({ differences }) => differences).length - broken;
  const sentences = [
    missing > 0 && `${counted(missing, 'topic')} missing: npm run topics -- --create`,
    broken > 0 && `${counted(broken, 'setting')} to be mended before commands are taken.`,
    differing > 0 &&
      `${counted(differing, 'setting')} of another choice; the ledger works with them.`,
  ].filter((sentence) => sentence !== false);
  return sentences.length === 0 ? ['All is as wanted.'] : sentences;
};

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

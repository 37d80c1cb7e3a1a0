import type { Expectation, TopicSpecification } from './topics.js';

/** A topic as the cluster has it. */
export type ExistingTopic = Readonly<{
  name: string;
  partitions: number;
  /** Of its partition with the fewest. */
  replicas: number;
  /** Every setting with the value in force, whoever set it. */
  settings: ReadonlyMap<string, string>;
}>;

/** A setting that is not what it should be. */
export type Difference = Readonly<{
  topic: string;
  expected: Expectation;
  /** undefined: the broker does not know this setting. */
  is: string | undefined;
}>;

export type PlannedTopic = Readonly<{
  wanted: TopicSpecification;
  /** undefined: it is missing. */
  existing: ExistingTopic | undefined;
  differences: readonly Difference[];
}>;

/** What is wanted, beside what is there. */
export type TopicPlan = readonly PlannedTopic[];

export const planTopics = (
  wanted: readonly TopicSpecification[],
  existing: readonly ExistingTopic[],
): TopicPlan =>
  wanted.map((topic) => {
    const found = existing.find(({ name }) => name === topic.name);
    return { wanted: topic, existing: found, differences: found ? differences(topic, found) : [] };
  });

export const missingTopics = (plan: TopicPlan): readonly TopicSpecification[] =>
  plan.filter(({ existing }) => existing === undefined).map(({ wanted }) => wanted);

/** The differences with which the ledger could not keep its word. */
export const brokenPromises = (plan: TopicPlan): readonly Difference[] =>
  plan
    .flatMap((topic) => topic.differences)
    .filter(({ expected }) => expected.otherwise === 'promise-broken');

/** The differences that the ledger works with. */
export const otherChoices = (plan: TopicPlan): readonly Difference[] =>
  plan
    .flatMap((topic) => topic.differences)
    .filter(({ expected }) => expected.otherwise === 'differs');

/**
 * The settings that a topic is made with: all that matter, whatever the cluster's defaults are. How often
 * records are copied is the cluster's to say.
 */
export const settingsOf = ({
  expectations,
}: TopicSpecification): readonly Readonly<{ name: string; value: string }>[] =>
  expectations
    .filter(({ fromReplicas }) => fromReplicas === undefined)
    .map(({ setting, value }) => ({ name: setting, value }));

/**
 * The command that mends a difference. It leaves every other setting alone, which no request of kafkajs
 * would (reference: legacy AlterConfigs): so we never alter a topic ourselves.
 *
 * @param brokers `host:port` of one or more.
 */
export const mendingLine = (
  { topic, expected: { setting, value } }: Difference,
  brokers: readonly string[],
): string =>
  `kafka-configs.sh --bootstrap-server ${brokers.join(',')} --alter --entity-type topics ` +
  `--entity-name ${topic} --add-config ${setting}=${value}`;

const differences = (
  { name, expectations }: TopicSpecification,
  { replicas, settings }: ExistingTopic,
): readonly Difference[] =>
  expectations
    .filter(({ fromReplicas = 0 }) => replicas >= fromReplicas)
    .map((expected) => ({ topic: name, expected, is: settings.get(expected.setting) }))
    .filter(({ expected, is }) => is === undefined || !expected.isMet(is));

import type { Admin, Kafka } from 'kafkajs';
import type { Clock } from '#runtime/clock.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import { ConfigResourceTypes } from './kafkajs.js';
import { TopicForbidden, TopicPromiseBroken, TopicsMissing } from './topic-errors.js';
import {
  brokenPromises,
  missingTopics,
  otherChoices,
  planTopics,
  settingsOf,
} from './topic-plan.js';
import type { Difference, ExistingTopic, TopicPlan } from './topic-plan.js';
import type { TopicSpecification } from './topics.js';
import { withAdmin } from './with-admin.js';

/** How often, and after how many milliseconds, a topic that was made is looked for. */
const LOOKS = 100;
const BETWEEN_LOOKS = 100;

export type TopicAdminParts = Readonly<{
  connection: KafkaConnection;
  log: KafkaLog;
  clock: Clock;
}>;

/** Looks at the topics of a cluster and makes those that are missing. It never alters one that is there. */
export class TopicAdmin {
  readonly #connection: KafkaConnection;
  readonly #client: Kafka;
  readonly #clock: Clock;

  /** Nothing is connected but for each question. */
  constructor({ connection, log, clock }: TopicAdminParts) {
    this.#connection = connection;
    this.#client = kafkajsClient(connection, 'admin', log);
    this.#clock = clock;
  }

  /**
   * What is there, beside what is wanted.
   *
   * @throws {TopicForbidden}, or kafkajs' error: the cluster cannot be asked.
   */
  plan(wanted: readonly TopicSpecification[]): Promise<TopicPlan> {
    return withAdmin(this.#client, (admin) => planOf(admin, wanted));
  }

  /**
   * Makes the topics that are missing, with the cluster's own number of replicas; resolves when they are
   * there. One that somebody else makes at the same time is left as it is.
   *
   * @throws as {@link plan}.
   */
  create(wanted: readonly TopicSpecification[]): Promise<TopicPlan> {
    return withAdmin(this.#client, async (admin) => {
      for (const topic of missingTopics(await planOf(admin, wanted))) await make(admin, topic);
      for (let looks = 1; ; looks += 1) {
        const plan = await planOf(admin, wanted);
        if (missingTopics(plan).length === 0 || looks === LOOKS) return plan;
        await this.#clock.wait(BETWEEN_LOOKS);
      }
    });
  }

  /**
   * What a ledger asks before it takes commands: every topic is there, and none breaks a promise.
   *
   * @param create makes those that are missing.
   * @returns what is not as it is meant to be, and breaks none.
   * @throws {TopicPromiseBroken}
   * @throws {TopicsMissing}
   * @throws as {@link plan}.
   */
  async check(
    wanted: readonly TopicSpecification[],
    create: boolean,
  ): Promise<readonly Difference[]> {
    const plan = await (create ? this.create(wanted) : this.plan(wanted));
    const broken = brokenPromises(plan);
    if (broken.length > 0) throw new TopicPromiseBroken(broken, this.#connection.brokers);
    const missing = missingTopics(plan);
    if (missing.length > 0) throw new TopicsMissing(missing.map(({ name }) => name));
    return otherChoices(plan);
  }
}

const planOf = async (admin: Admin, wanted: readonly TopicSpecification[]): Promise<TopicPlan> => {
  const there = new Set(await admin.listTopics());
  const existing: ExistingTopic[] = [];
  for (const { name } of wanted) {
    const topic = there.has(name) && (await existingTopic(admin, name));
    if (topic) existing.push(topic);
  }
  return planTopics(wanted, existing);
};

/** undefined: the broker that was asked has not heard of it yet, or it has just been deleted. */
const existingTopic = async (admin: Admin, name: string): Promise<ExistingTopic | undefined> => {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    const partitions = topics[0]!.partitions;
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name }],
    });
    const entries = resources[0]!.configEntries;
    return {
      name,
      partitions: partitions.length,
      replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      settings: new Map(entries.map(({ configName, configValue }) => [configName, configValue])),
    };
  } catch (error) {
    if (typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw isForbidden(error) ? new TopicForbidden(name, 'DescribeConfigs', error) : error;
  }
};

const make = async (admin: Admin, topic: TopicSpecification): Promise<void> => {
  const { name, partitions } = topic;
  try {
    await admin.createTopics({
      // kafkajs' own wait gives up where a broker has not heard of the topic yet.
      waitForLeaders: false,
      topics: [
        {
          topic: name,
          numPartitions: partitions,
          replicationFactor: -1,
          configEntries: [...settingsOf(topic)],
        },
      ],
    });
  } catch (error) {
    // kafkajs has one error for a request, and in it one for each of its topics.
    const inside = error instanceof Error && 'errors' in error ? error.errors : undefined;
    const cause: unknown = Array.isArray(inside) ? inside[0] : error;
    throw isForbidden(cause) ? new TopicForbidden(name, 'Create', error) : cause;
  }
};

/** The broker's name for its error. */
const typeOf = (error: unknown): unknown =>
  error instanceof Error && 'type' in error ? error.type : undefined;

const isForbidden = (error: unknown): boolean =>
  ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'].includes(String(typeOf(error)));

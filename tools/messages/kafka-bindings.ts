import { ledgerTopics } from '#kafka/ledger-topics.js';
import type { TopicNames } from '#kafka/topic-names.js';
import { kafkaSettings } from '#runtime/kafka-settings.js';

/** Of AsyncAPI's bindings for Kafka. */
const bindingVersion = '0.5.0';

type Binding = Readonly<{ kafka: Readonly<Record<string, unknown>> }>;

/** What the settings that AsyncAPI knows are there; any other is text, as Kafka has it. */
const settingOf = (name: string, value: string): unknown => {
  if (name === 'cleanup.policy') return [value];
  return /^-?\d+$/.test(value) ? Number(value) : value;
};

/** By topic: what it is made with on a cluster of three brokers or more. */
export const channelBindings = (names: TopicNames): ReadonlyMap<string, Binding> =>
  new Map(
    ledgerTopics(names, kafkaSettings.LEDGER_KAFKA_PARTITIONS.parse(undefined)).map(
      ({ name, partitions, expectations }) => {
        const topicConfiguration = Object.fromEntries(
          expectations.map(({ setting, value }) => [setting, settingOf(setting, value)]),
        );
        const kafka = { topic: name, partitions, replicas: 3, topicConfiguration, bindingVersion };
        return [name, { kafka }];
      },
    ),
  );

export const keyBinding = (description: string): Binding => ({
  kafka: { key: { type: 'string', description }, bindingVersion },
});

export const groupBinding = (groupId: string): Binding => ({
  kafka: { groupId: { type: 'string', const: groupId }, bindingVersion },
});

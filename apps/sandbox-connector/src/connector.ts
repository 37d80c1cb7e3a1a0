import { KafkajsCommandSource } from '#kafka/kafkajs-command-source.js';
import { KafkajsRecordSink } from '#kafka/kafkajs-record-sink.js';
import type { RecordSink } from '#kafka/record-sink.js';
import { topicNames } from '#kafka/topic-names.js';
import { readConfiguration } from '#runtime/configuration.js';
import type { Environment } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { createRuntime } from '#runtime/runtime.js';
import type { Runtime } from '#runtime/runtime.js';
import { exitCodeOf, Trouble } from '#runtime/trouble.js';
import { connectorObserver } from './connector-observer.js';
import { Follower } from './follower.js';
import type { HeardEvent } from './heard-event.js';
import { outcomesOf } from './outcomes.js';
import type { Outcome } from './outcomes.js';
import { sandboxSettings } from './sandbox-settings.js';
import type { SandboxSettings } from './sandbox-settings.js';

/** What brokers know us by, in their logs and quotas, and the name of our group. */
const NAME = 'sandbox-connector';

export type ConnectorOptions = Readonly<{
  /** `process.env`, or what stands for it. */
  environment: Environment;
  /** Something between the connector and the topic of commands, for who wants to disturb it. */
  aroundSink?: (sink: RecordSink) => RecordSink;
}>;

export type RunningConnector = Readonly<{
  runtime: Runtime;
  kafka: KafkaConfiguration;
  settings: SandboxSettings;
}>;

/**
 * Answers the captures of a ledger, as soon as there is a broker with its topics.
 *
 * @throws {ConfigurationError} the ledger's part of the environment is wrong.
 * @throws {Trouble} ours is, or it names no broker.
 */
export const startConnector = async ({
  environment,
  aroundSink = (sink) => sink,
}: ConnectorOptions): Promise<RunningConnector> => {
  const configuration = readConfiguration(environment);
  const settings = sandboxSettings(environment);
  const { kafka } = configuration;
  if (!kafka) throw noBrokers();
  const runtime = createRuntime({ configuration, exitCodeOf });
  // Two groups on one topic: whoever waits for what is due later holds up nobody but himself.
  for (const pace of ['at-once', 'late'] as const) {
    const follower = followerOf(pace, { runtime, kafka, settings, aroundSink });
    runtime.lifecycle.opened(pace, () => follower.stop());
    await follower.start();
  }
  return { runtime, kafka, settings };
};

type Parts = RunningConnector & Required<Pick<ConnectorOptions, 'aroundSink'>>;

const followerOf = (
  pace: 'at-once' | 'late',
  { runtime, kafka, settings, aroundSink }: Parts,
): Follower => {
  const { clock } = runtime;
  const { topicPrefix, sessionTimeoutMs } = kafka;
  const topics = topicNames(topicPrefix);
  const isLate = pace === 'late';
  const group = isLate ? `${NAME}-late` : NAME;
  const observer = connectorObserver(runtime, group);
  const { log, ...told } = observer;
  const shared = { connection: { ...kafka, clientId: NAME }, clock, log, observer: told };
  const { merchantAccounts } = settings;
  const answers = ({ authorization }: HeardEvent): boolean =>
    merchantAccounts?.has(authorization.merchantAccountId) ?? true;
  const paced = (heard: HeardEvent): readonly Outcome[] =>
    answers(heard) ? outcomesOf(heard).filter((outcome) => outcome.isLate === isLate) : [];
  return new Follower({
    source: new KafkajsCommandSource({
      ...shared,
      topic: topics.events,
      groupId: `${topicPrefix}${group}`,
      sessionTimeoutMs,
    }),
    sink: aroundSink(new KafkajsRecordSink(shared)),
    outcomesOf: paced,
    commandsTopic: topics.commands,
    delayMs: isLate ? settings.lateMs : 0,
    clock,
    // Both pass over the same records; one of them says so.
    observer: isLate ? { ...told, passedOver: () => undefined } : told,
  });
};

const noBrokers = (): Trouble =>
  new Trouble({
    what: 'There are no events to follow',
    cause: 'KAFKA_BROKERS is empty',
    cures: [
      {
        command: 'KAFKA_BROKERS=localhost:9092 npm run sandbox-connector',
        effect: 'the broker of npm run kafka',
      },
    ],
    exitCode: exitCodes.usage,
  });

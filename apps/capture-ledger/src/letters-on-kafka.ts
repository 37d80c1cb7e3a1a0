import { KafkajsRecordSink } from '#kafka/kafkajs-record-sink.js';
import { readLetter } from '#kafka/kept-letter.js';
import type { KeptLetter } from '#kafka/kept-letter.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';
import { ReplayedPlaces } from '#kafka/replayed-places.js';
import { topicNames } from '#kafka/topic-names.js';
import { TopicReader } from '#kafka/topic-reader.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import { kafkaConnection, unheard } from './kafka-connection.js';

export type Which = Readonly<{ reason?: string }>;

export type Letters = Readonly<{
  /** The dead letters up to where they end now. */
  records(): AsyncIterable<InboundRecord>;
  letters(which: Which): AsyncIterable<KeptLetter>;
  publish(records: readonly OutRecord[]): Promise<void>;
  replayed: ReplayedPlaces;
  /** Of commands. */
  topic: string;
  /** Whether it was told to stop: then there may be more than was read. */
  isStopped(): boolean;
}>;

/**
 * Lends the dead letters of the configured cluster to a task, until a signal ends it.
 *
 * @throws {Trouble} no brokers are configured, or the cluster cannot be used; or what the task throws as one.
 */
export const withLetters = async (
  { kafka, origins }: Configuration,
  task: (letters: Letters) => Promise<void>,
): Promise<void> => {
  const setting = { name: 'KAFKA_BROKERS', origin: origins.KAFKA_BROKERS } as const;
  if (!kafka) {
    throw new Trouble({
      what: 'There are no dead letters to look at',
      cause: 'no brokers are configured',
      setting,
      cures: [
        {
          command: 'KAFKA_BROKERS=localhost:9092 npm run ledger -- dead-letters list',
          effect: 'looks at them',
        },
      ],
      exitCode: exitCodes.usage,
    });
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  try {
    await onKafka(kafka, stopping.signal, task);
  } catch (cause) {
    if (cause instanceof Trouble) throw cause;
    throw new Trouble({
      what: `Cannot use the dead letters on ${kafka.brokers.join(', ')}`,
      cause,
      setting,
      cures: [],
      exitCode: exitCodes.unreachable,
    });
  }
};

const onKafka = async (
  kafka: KafkaConfiguration,
  signal: AbortSignal,
  task: (letters: Letters) => Promise<void>,
): Promise<void> => {
  const clock = systemClock;
  const log = unheard;
  const connection = kafkaConnection(kafka);
  const topics = topicNames(kafka.topicPrefix);
  const groupPrefix = `${kafka.topicPrefix}capture-dead-letters-`;
  const reader = new TopicReader({ connection, clock, log, groupPrefix });
  const observer = { resent: (): void => undefined };
  const sink = new KafkajsRecordSink({ connection, clock, log, observer });
  const replayed = new ReplayedPlaces({
    connection,
    log,
    topic: topics.deadLetters,
    groupPrefix: `${groupPrefix}replayed-`,
  });
  const records = async function* (): AsyncGenerator<InboundRecord> {
    for await (const page of reader.read(topics.deadLetters, signal)) yield* page;
  };
  const letters = async function* ({ reason }: Which): AsyncGenerator<KeptLetter> {
    for await (const record of records()) {
      const letter = readLetter(record);
      if (reason === undefined || letter.reason === reason) yield letter;
    }
  };
  try {
    const publish = (all: readonly OutRecord[]): Promise<void> => sink.publish(all);
    const isStopped = (): boolean => signal.aborted;
    await task({ records, letters, publish, replayed, topic: topics.commands, isStopped });
  } finally {
    await sink.close();
  }
};

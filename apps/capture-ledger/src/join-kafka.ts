import type { INestApplicationContext } from '@nestjs/common';
import { CommandConsumer } from '#kafka/command-consumer.js';
import type { CommandSource } from '#kafka/command-source.js';
import type { CopySink } from '#kafka/copy-sink.js';
import { reasonOf } from '#kafka/kafkajs-errors.js';
import type { RecordSink } from '#kafka/record-sink.js';
import { COMMAND_SOURCE, COPY_SINK, RECORD_SINK } from '#kafka/tokens.js';
import { TopicAdmin } from '#kafka/topic-admin.js';
import { TopicPromiseBroken } from '#kafka/topic-errors.js';
import { topicNames } from '#kafka/topic-names.js';
import { ledgerTopics } from '#kafka/ledger-topics.js';
import { isOverWithin } from '#runtime/clock.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import type { Runtime } from '#runtime/runtime.js';
import { Trouble } from '#runtime/trouble.js';
import { kafkaConnection, kafkaLog } from './kafka-connection.js';
import { kafkaHealth, kafkaObserver } from './kafka-observer.js';
import type { KafkaDoing } from './kafka-observer.js';
import type { ViewsInThread } from './views-in-thread.js';

/** Milliseconds for which the start waits for a broker to say what is wrong with its topics. */
const START_WAITS = 5_000;

/** Milliseconds between two looks at topics that are not there, or not as they must be. */
const LOOK_AGAIN = 2_000;

/**
 * Milliseconds for leaving: a broker that hangs is not waited for, so that all else closes in order within the
 * time of a stop. What is not committed comes again.
 */
const LEAVE_WITHIN = 3_000;

const OTHER_CHOICE =
  'a topic is not as it is meant to be: `npm run topics` prints what mends it; the ledger works with it';

type Parts = Readonly<{
  app: INestApplicationContext;
  views: ViewsInThread;
  doing: KafkaDoing;
}>;

/**
 * Takes commands from Kafka, and publishes what becomes of them, as soon as there is a broker and its topics
 * are as they must be. Opened last and closed first: what is taken is answered while everything else still
 * works.
 *
 * @throws {Trouble} a broker is there, and a topic's settings would break a promise.
 */
export const joinKafka = async (
  runtime: Runtime,
  kafka: KafkaConfiguration,
  { app, views, doing }: Parts,
): Promise<void> => {
  const { clock, health, lifecycle, log, metrics } = runtime;
  const { stopping } = lifecycle;
  const source = app.get<CommandSource>(COMMAND_SOURCE);
  const consumer = app.get(CommandConsumer);
  health.watch('kafka', () => kafkaHealth(doing, clock.now()));
  metrics.kafka.readAge(() => Math.max(0, clock.now() - (doing.oldest ?? clock.now())));
  metrics.kafka.readBehind(() =>
    source.lag().map(({ topic, partition, lag }) => ({ topic, partition, records: Number(lag) })),
  );

  const ready = topicsAreReady(runtime, kafka, doing, stopping);
  const started = ready.then((are) => {
    if (!are) return undefined;
    views.publish();
    return consumer.start();
  });
  const leave = async (): Promise<void> => {
    await started.catch(() => undefined);
    await consumer.stop();
    await app.get<RecordSink>(RECORD_SINK).close();
    await app.get<CopySink>(COPY_SINK).close();
  };
  lifecycle.opened('kafka', async () => {
    if (!(await isOverWithin(clock, LEAVE_WITHIN, leave())))
      log.warn({}, 'Kafka was not left in time: what is not committed comes again');
  });
  await Promise.race([started, clock.wait(START_WAITS, stopping)]);
  // Who waits for the start is told; later there is only the log.
  started.catch((error: unknown) => lifecycle.fatal(error));
};

/** Resolves when they are, with false where it was to stop before that. */
const topicsAreReady = async (
  runtime: Runtime,
  kafka: KafkaConfiguration,
  doing: KafkaDoing,
  signal: AbortSignal,
): Promise<boolean> => {
  const { clock, log } = runtime;
  const connection = kafkaConnection(kafka);
  const observer = kafkaObserver(runtime, doing);
  const admin = new TopicAdmin({ connection, clock, log: kafkaLog(log) });
  const wanted = ledgerTopics(topicNames(kafka.topicPrefix), kafka.partitions);
  for (const since = clock.now(); !signal.aborted; await clock.wait(LOOK_AGAIN, signal)) {
    try {
      for (const { topic, is, expected } of await admin.check(wanted, kafka.createTopics)) {
        const { setting, must, why } = expected;
        log.warn({ topic, setting, is, meant: must, why }, OTHER_CHOICE);
      }
      return !signal.aborted;
    } catch (error) {
      const isStart = clock.now() - since < START_WAITS;
      if (signal.aborted) break;
      if (error instanceof TopicPromiseBroken && isStart) throw topicsTrouble(runtime, error);
      observer.consuming('away', reasonOf(error, connection));
    }
  }
  return false;
};

const topicsTrouble = ({ configuration }: Runtime, cause: TopicPromiseBroken): Trouble =>
  new Trouble({
    what: 'The topics on Kafka are not as they must be',
    cause,
    setting: { name: 'KAFKA_BROKERS', origin: configuration.origins.KAFKA_BROKERS },
    cures: [{ command: 'npm run topics', effect: 'the whole plan, and what mends it' }],
    exitCode: exitCodes.usage,
  });

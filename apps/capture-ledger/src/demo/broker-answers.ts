import { TopicAdmin } from '#kafka/topic-admin.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import { kafkaConnection, unheard } from '../kafka-connection.js';

/**
 * Resolves when a broker has answered. A ledger would wait for one that is away: a demo must not.
 *
 * @throws {Trouble} none does.
 */
export const brokerAnswers = async (
  kafka: KafkaConfiguration,
  { origins }: Configuration,
): Promise<void> => {
  const admin = new TopicAdmin({
    connection: kafkaConnection(kafka),
    clock: systemClock,
    log: unheard,
  });
  await admin.plan([]).catch((cause: unknown) => {
    throw new Trouble({
      what: `Cannot use Kafka at ${kafka.brokers.join(', ')}`,
      cause,
      setting: { name: 'KAFKA_BROKERS', origin: origins.KAFKA_BROKERS },
      cures: [
        { command: 'npm run kafka', effect: 'starts a broker on this machine' },
        { command: 'npm run demo', effect: 'without KAFKA_BROKERS: without Kafka' },
      ],
      exitCode: exitCodes.unreachable,
    });
  });
};

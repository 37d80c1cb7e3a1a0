import { adoptGroup, GroupInUse } from '#kafka/adopt-group.js';
import { commandsGroup, topicNames } from '#kafka/topic-names.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { kafkaConnection, unheard } from './kafka-connection.js';
import { withStoreAndKafka } from './store-on-kafka.js';

/**
 * Lets the store of the configuration take the commands from Kafka, from where another one has taken them. What
 * that one had decided this one does not know: a command that is sent again is decided afresh.
 *
 * @throws {Trouble} there is no store that this build can read, no brokers are configured or can be reached, or
 *   ledgers are at work: nothing was changed.
 */
export const adopt = (configuration: Configuration): Promise<void> =>
  withStoreAndKafka(
    configuration,
    `Cannot let ${configuration.store} take the commands`,
    async ({ id, identity: { epoch } }, kafka) => {
      const groupId = commandsGroup(kafka.topicPrefix);
      await adoptGroup({
        connection: kafkaConnection(kafka),
        log: unheard,
        groupId,
        topic: topicNames(kafka.topicPrefix).commands,
        store: { id, epoch },
      });
      process.stdout.write(
        `Store ${id} in epoch ${epoch} takes the commands of the group ${groupId} from here on.\n`,
      );
    },
    (cause) =>
      cause instanceof GroupInUse
        ? {
            of: 'KAFKA_BROKERS',
            exitCode: exitCodes.unreachable,
            cures: [{ command: 'kill -TERM PID', effect: 'stop every ledger of the group' }],
          }
        : undefined,
  );

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteLog } from '#event-store/sqlite-log.js';
import { adoptGroup, GroupInUse } from '#kafka/adopt-group.js';
import { isUnreachable } from '#kafka/kafkajs-errors.js';
import { commandsGroup, topicNames } from '#kafka/topic-names.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import { exitCodeOf } from './exit-code.js';
import { kafkaConnection } from './kafka-connection.js';

/**
 * Lets the store of the configuration take the commands from Kafka, from where another one has taken them. What
 * that one had decided this one does not know: a command that is sent again is decided afresh.
 *
 * @throws {Trouble} there is no store, no brokers are configured or can be reached, or ledgers are at work:
 *   nothing was changed.
 */
export const adopt = async ({ store: folder, kafka, origins }: Configuration): Promise<void> => {
  const what = `Cannot let ${folder} take the commands`;
  const kafkaSetting = { name: 'KAFKA_BROKERS', origin: origins.KAFKA_BROKERS } as const;
  if (!kafka) {
    const cause = 'no brokers are configured';
    throw new Trouble({ what, cause, setting: kafkaSetting, cures: [], exitCode: exitCodes.usage });
  }
  if (!existsSync(join(folder, 'events.db'))) {
    const setting = { name: 'LEDGER_STORE', origin: origins.LEDGER_STORE } as const;
    const cause = 'there is no store';
    throw new Trouble({ what, cause, setting, cures: [], exitCode: exitCodes.usage });
  }
  const store = openSqliteLog({ folder, clock: systemClock });
  const { id } = store;
  const { epoch } = store.identity;
  await store.close();
  const groupId = commandsGroup(kafka.topicPrefix);
  try {
    await adoptGroup({
      connection: kafkaConnection(kafka),
      // What the driver says is said again by what it throws.
      log: () => undefined,
      groupId,
      topic: topicNames(kafka.topicPrefix).commands,
      store: { id, epoch },
    });
  } catch (cause) {
    const inUse = cause instanceof GroupInUse;
    throw new Trouble({
      what,
      cause,
      setting: kafkaSetting,
      cures: inUse ? [{ command: 'kill -TERM PID', effect: 'stop every ledger of the group' }] : [],
      exitCode: inUse || isUnreachable(cause) ? exitCodes.unreachable : exitCodeOf(cause),
    });
  }
  process.stdout.write(
    `Store ${id} in epoch ${epoch} takes the commands of the group ${groupId} from here on.\n`,
  );
};

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteLog } from '#event-store/sqlite-log.js';
import { isUnreachable } from '#kafka/kafkajs-errors.js';
import { publishFrom } from '#projections/publish-from.js';
import type { PublishFrom } from '#projections/publish-from.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import { exitCodeOf } from './exit-code.js';
import { kafkaConnection } from './kafka-connection.js';
import { publicationSink } from './publication.js';

/**
 * Says where the publisher of a store goes on, whatever its checkpoint was: after the last event (`head`), from
 * the first (`start`), or after a position. A ledger that publishes is fenced, and goes on from there.
 *
 * @throws {Trouble} there is no store or no event at that position, no brokers are configured, or none can be
 *   reached: nothing was changed.
 */
export const publish = async (configuration: Configuration, from: PublishFrom): Promise<void> => {
  const { store: folder, kafka, origins } = configuration;
  const what = `Cannot say where ${folder} is to be published from`;
  if (!kafka) {
    throw new Trouble({
      what,
      cause: 'no brokers are configured',
      setting: { name: 'KAFKA_BROKERS', origin: origins.KAFKA_BROKERS },
      cures: [],
      exitCode: exitCodes.usage,
    });
  }
  const setting = { name: 'LEDGER_STORE', origin: origins.LEDGER_STORE } as const;
  if (!existsSync(join(folder, 'events.db'))) {
    const cause = 'there is no store';
    throw new Trouble({ what, cause, setting, cures: [], exitCode: exitCodes.usage });
  }
  const clock = systemClock;
  const store = openSqliteLog({ folder, clock });
  const sink = publicationSink(store.identity.shard, {
    kafka: { connection: kafkaConnection(kafka), topicPrefix: kafka.topicPrefix },
    clock,
    // What the driver says is said again by what it throws.
    driver: () => undefined,
  });
  try {
    const position = await publishFrom({ store, sink }, from);
    process.stdout.write(
      `Events after position ${position} of ${await store.head()} are published next, and every key of every view once more.\n`,
    );
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new Trouble({ what, cause, setting, cures: [], exitCode: exitCodes.usage });
    throw new Trouble({
      what,
      cause,
      setting: { name: 'KAFKA_BROKERS', origin: origins.KAFKA_BROKERS },
      cures: [],
      exitCode: isUnreachable(cause) ? exitCodes.unreachable : exitCodeOf(cause),
    });
  } finally {
    await store.close();
  }
};

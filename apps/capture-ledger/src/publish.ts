import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import { openSqliteLog } from '#event-store/sqlite-log.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { isUnreachable } from '#kafka/kafkajs-errors.js';
import { NoEventAtPosition, publishFrom } from '#projections/publish-from.js';
import type { PublishFrom } from '#projections/publish-from.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { ExitCode } from '#runtime/exit-codes.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import { exitCodeOf } from './exit-code.js';
import { kafkaConnection } from './kafka-connection.js';
import { publicationSink } from './publication.js';

/**
 * Says where the publisher of a store goes on, whatever its checkpoint was: after the last event (`head`), from
 * the first (`start`), or after a position. A ledger that publishes is fenced, and goes on from there.
 *
 * @throws {Trouble} there is no store that this build can read, or no event at that position, no brokers are
 *   configured, or none can be reached: nothing was changed.
 */
export const publish = async (configuration: Configuration, from: PublishFrom): Promise<void> => {
  const { store: folder, kafka, origins } = configuration;
  const trouble = (name: 'KAFKA_BROKERS' | 'LEDGER_STORE', cause: unknown, exitCode: ExitCode) =>
    new Trouble({
      what: `Cannot say where ${folder} is to be published from`,
      cause,
      setting: { name, origin: origins[name] },
      cures: [],
      exitCode,
    });
  if (!kafka) throw trouble('KAFKA_BROKERS', 'no brokers are configured', exitCodes.usage);
  if (!existsSync(join(folder, 'events.db')))
    throw trouble('LEDGER_STORE', 'there is no store', exitCodes.usage);
  try {
    const { position, head } = await sayFrom(folder, kafka, from);
    process.stdout.write(
      `Events after position ${position} of ${head} are published next, and every key of every view once more.\n`,
    );
  } catch (cause) {
    if (cause instanceof NoEventAtPosition) throw trouble('LEDGER_STORE', cause, exitCodes.usage);
    if (isOfStore(cause)) throw trouble('LEDGER_STORE', cause, exitCodeOf(cause));
    const exitCode = isUnreachable(cause) ? exitCodes.unreachable : exitCodeOf(cause);
    throw trouble('KAFKA_BROKERS', cause, exitCode);
  }
};

const sayFrom = async (
  folder: string,
  kafka: KafkaConfiguration,
  from: PublishFrom,
): Promise<Readonly<{ position: number; head: number }>> => {
  const clock = systemClock;
  const store = openSqliteLog({ folder, clock });
  try {
    const sink = publicationSink(store.identity.shard, {
      kafka: { connection: kafkaConnection(kafka), topicPrefix: kafka.topicPrefix },
      clock,
      // What the driver says is said again by what it throws.
      driver: () => undefined,
    });
    const position = await publishFrom({ store, sink }, from);
    return { position, head: await store.head() };
  } finally {
    await store.close();
  }
};

const isOfStore = (cause: unknown): boolean =>
  cause instanceof StoreRefused ||
  cause instanceof StoreBroken ||
  cause instanceof StoreUnavailable;

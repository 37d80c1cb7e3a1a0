import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import { openSqliteLog } from '#event-store/sqlite-log.js';
import type { SqliteLog } from '#event-store/sqlite-log.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { isUnreachable } from '#kafka/kafkajs-errors.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import type { ExitCode } from '#runtime/exit-codes.js';
import type { KafkaConfiguration } from '#runtime/kafka-configuration.js';
import { systemClock } from '#runtime/system-clock.js';
import { Trouble } from '#runtime/trouble.js';
import type { TroubleReport } from '#runtime/trouble.js';
import { exitCodeOf } from './exit-code.js';

/** What is said of a failure of the task's own, beside what could not be done. */
type OwnTrouble = Readonly<{
  of: 'KAFKA_BROKERS' | 'LEDGER_STORE';
  exitCode: ExitCode;
  cures?: TroubleReport['cures'];
}>;

type Task<Result> = (store: SqliteLog, kafka: KafkaConfiguration) => Promise<Result>;

/**
 * Lends an operator's command the store and the brokers of the configuration, whatever is at work on them.
 *
 * @param what could not be done, where something is in the way.
 * @param own tells a failure of the task's own from one of the store or of the brokers; undefined: it is none.
 * @throws {Trouble} there is no store that this build can read, no brokers are configured or can be reached, or
 *   the task failed.
 */
export const withStoreAndKafka = async <Result>(
  { store: folder, kafka, origins }: Configuration,
  what: string,
  task: Task<Result>,
  own: (cause: unknown) => OwnTrouble | undefined,
): Promise<Result> => {
  const trouble = (cause: unknown, { of: name, exitCode, cures = [] }: OwnTrouble) =>
    new Trouble({ what, cause, setting: { name, origin: origins[name] }, cures, exitCode });
  const { usage } = exitCodes;
  if (!kafka) throw trouble('no brokers are configured', { of: 'KAFKA_BROKERS', exitCode: usage });
  if (!existsSync(join(folder, 'events.db')))
    throw trouble('there is no store', { of: 'LEDGER_STORE', exitCode: usage });
  try {
    const store = openSqliteLog({ folder, clock: systemClock });
    try {
      return await task(store, kafka);
    } finally {
      await store.close();
    }
  } catch (cause) {
    throw trouble(cause, own(cause) ?? others(cause));
  }
};

const others = (cause: unknown): OwnTrouble => {
  if (isOfStore(cause)) return { of: 'LEDGER_STORE', exitCode: exitCodeOf(cause) };
  const exitCode = isUnreachable(cause) ? exitCodes.unreachable : exitCodeOf(cause);
  return { of: 'KAFKA_BROKERS', exitCode };
};

const isOfStore = (cause: unknown): boolean =>
  cause instanceof StoreRefused ||
  cause instanceof StoreBroken ||
  cause instanceof StoreUnavailable;

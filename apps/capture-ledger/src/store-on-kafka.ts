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

type Failure = (cause: unknown) => OwnTrouble | undefined;

/**
 * Does an operator's command on the store and the brokers of the configuration.
 *
 * @param what could not be done, where something is in the way.
 * @param own tells a failure of the task's own from one of the store or of the brokers; undefined: it is none.
 * @throws {Trouble} there is no store, no brokers are configured, or the task failed.
 */
export const onStoreAndKafka = async (
  { store: folder, kafka, origins }: Configuration,
  what: string,
  task: (folder: string, kafka: KafkaConfiguration) => Promise<void>,
  own: Failure,
): Promise<void> => {
  const trouble = (cause: unknown, { of: name, exitCode, cures = [] }: OwnTrouble) =>
    new Trouble({ what, cause, setting: { name, origin: origins[name] }, cures, exitCode });
  const { usage } = exitCodes;
  if (!kafka) throw trouble('no brokers are configured', { of: 'KAFKA_BROKERS', exitCode: usage });
  if (!existsSync(join(folder, 'events.db')))
    throw trouble('there is no store', { of: 'LEDGER_STORE', exitCode: usage });
  try {
    await task(folder, kafka);
  } catch (cause) {
    throw trouble(cause, own(cause) ?? others(cause));
  }
};

/**
 * Lends somebody a store to read from, whatever is at work on it.
 *
 * @throws {StoreRefused | StoreBroken} it cannot be read by this build.
 */
export const withStore = async <Result>(
  folder: string,
  read: (store: SqliteLog) => Promise<Result>,
): Promise<Result> => {
  const store = openSqliteLog({ folder, clock: systemClock });
  try {
    return await read(store);
  } finally {
    await store.close();
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

import {
  CheckpointUnreadable,
  lastPublished,
  mustReplace,
  NoEventAtPosition,
  OtherLogPublished,
  publishFrom,
} from '#projections/publish-from.js';
import type { LastPublished, PublishFrom } from '#projections/publish-from.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { grouped } from './send/tally.js';
import { operatorsSink } from './publication.js';
import { onStoreAndKafka, withStore } from './store-on-kafka.js';

/**
 * Says where the publisher of a store goes on, whatever its checkpoint was: after the last event (`head`), from
 * the first (`start`), or after a position. A ledger that publishes is fenced, and goes on from there.
 *
 * @throws {Trouble} there is no store that this build can read, or no event at that position, another log is
 *   published, no brokers are configured, or none can be reached: nothing was changed.
 */
export const publish = (configuration: Configuration, from: PublishFrom): Promise<void> =>
  onStoreAndKafka(
    configuration,
    `Cannot say where ${configuration.store} is to be published from`,
    (folder, kafka) =>
      withStore(folder, async (store) => {
        const sink = operatorsSink(store.identity, kafka);
        const before = await lastPublished({ store, sink }).catch(orUnreadable);
        if (before && !(before instanceof CheckpointUnreadable))
          mustReplace(before, store.identity);
        const position = await publishFrom({ store, sink }, from);
        process.stdout.write(
          `Events after position ${position} of ${await store.head()} are published next, and every key of every view once more.\n${difference(before, position)}`,
        );
      }),
    (cause) => {
      const of = 'LEDGER_STORE';
      if (cause instanceof NoEventAtPosition) return { of, exitCode: exitCodes.usage };
      return cause instanceof OtherLogPublished
        ? { of, exitCode: exitCodes.usage, cures: [ADOPT] }
        : undefined;
    },
  );

const ADOPT = {
  command: 'capture-ledger adopt',
  effect: 'put this store in the place of the one that was published, in an epoch of its own',
};

/** No reason to refuse: it may be what is to be mended. */
const orUnreadable = (error: unknown): CheckpointUnreadable => {
  if (error instanceof CheckpointUnreadable) return error;
  throw error;
};

/** What it is to readers, where that is known, or why it is not. */
const difference = (
  before: LastPublished | CheckpointUnreadable | undefined,
  position: number,
): string => {
  if (before instanceof CheckpointUnreadable)
    return `What was published before cannot be told (${before.message}): nor whether events are skipped, or come again.\n`;
  if (!before?.isOfThisLog || before.position === position) return '';
  const events = `${grouped(Math.abs(position - before.position))} events`;
  return `The last that was published is that of position ${before.position}: ${
    position > before.position
      ? `${events} are skipped, and readers never see them`
      : `${events} come again`
  }.\n`;
};

import { NoEventAtPosition, publishedUpTo, publishFrom } from '#projections/publish-from.js';
import type { PublishFrom } from '#projections/publish-from.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { systemClock } from '#runtime/system-clock.js';
import { unheard } from './kafka-connection.js';
import { grouped } from './send/tally.js';
import { publicationKafka, publicationSink } from './publication.js';
import { withStoreAndKafka } from './store-on-kafka.js';

/**
 * Says where the publisher of a store goes on, whatever its checkpoint was: after the last event (`head`), from
 * the first (`start`), or after a position. A ledger that publishes is fenced, and goes on from there.
 *
 * @throws {Trouble} there is no store that this build can read, or no event at that position, no brokers are
 *   configured, or none can be reached: nothing was changed.
 */
export const publish = (configuration: Configuration, from: PublishFrom): Promise<void> =>
  withStoreAndKafka(
    configuration,
    `Cannot say where ${configuration.store} is to be published from`,
    async (store, kafka) => {
      const sink = publicationSink(store.identity.shard, {
        kafka: publicationKafka(kafka),
        clock: systemClock,
        driver: unheard,
      });
      const before = await publishedUpTo({ store, sink });
      const position = await publishFrom({ store, sink }, from);
      process.stdout.write(
        `Events after position ${position} of ${await store.head()} are published next, and every key of every view once more.\n${difference(before, position)}`,
      );
    },
    (cause) =>
      cause instanceof NoEventAtPosition
        ? { of: 'LEDGER_STORE', exitCode: exitCodes.usage }
        : undefined,
  );

/** What it is to readers, where that is known. */
const difference = (before: number | undefined, position: number): string => {
  if (before === undefined || before === position) return '';
  const events = `${grouped(Math.abs(position - before))} events`;
  return `The last that was published is that of position ${before}: ${
    position > before ? `${events} are skipped, and readers never see them` : `${events} come again`
  }.\n`;
};

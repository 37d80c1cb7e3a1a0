import { StoreUnavailable } from '#event-store/event-store.js';
import { holdForEpoch } from '#event-store/new-epoch.js';
import { GroupInUse, unusedGroup } from '#kafka/unused-group.js';
import { isOwnMark } from '#kafka/store-mark.js';
import type { StoreMark } from '#kafka/store-mark.js';
import { commandsGroup, topicNames } from '#kafka/topic-names.js';
import { lastPublished, publishFrom } from '#projections/publish-from.js';
import type { LastPublished } from '#projections/publish-from.js';
import type { Configuration } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { kafkaConnection, unheard } from './kafka-connection.js';
import { operatorsSink } from './publication.js';
import { onStoreAndKafka, withStore } from './store-on-kafka.js';

/**
 * Lets the store of the configuration take the commands from Kafka, from where another one has taken them. What
 * that one had decided this one does not know: a command that is sent again is decided afresh. Where readers have
 * anything of another store, this one begins an epoch above it, and is published as a whole.
 *
 * @throws {Trouble} there is no store that this build can read, no brokers are configured or can be reached, or
 *   ledgers are at work. Where it ends half-way it is to be done again: until then no store takes the commands.
 */
export const adopt = (configuration: Configuration): Promise<void> =>
  onStoreAndKafka(
    configuration,
    `Cannot let ${configuration.store} take the commands`,
    async (folder, kafka) => {
      const { own, published } = await withStore(folder, async (store) => ({
        own: { id: store.id, epoch: store.identity.epoch },
        published: await lastPublished({ store, sink: operatorsSink(store.identity, kafka) }),
      }));
      const groupId = commandsGroup(kafka.topicPrefix);
      const group = await unusedGroup({
        connection: kafkaConnection(kafka),
        log: unheard,
        groupId,
        topic: topicNames(kafka.topicPrefix).commands,
      });
      const seen = epochsOfOthers(own, group.had, published);
      const held = seen.length > 0 ? holdForEpoch(folder, seen) : undefined;
      const adopted = { id: own.id, epoch: held?.epoch ?? own.epoch };
      try {
        // The mark comes first: where this ends here, no store takes commands until it is done again.
        await group.adopt(adopted);
        held?.begin();
      } finally {
        held?.release();
      }
      if (held) {
        // From here on no ledger of another store publishes.
        await withStore(folder, (store) =>
          publishFrom({ store, sink: operatorsSink(store.identity, kafka) }, 'start'),
        );
      }
      process.stdout.write(
        `Store ${adopted.id} in epoch ${adopted.epoch} takes the commands of the group ${groupId} from here on.\n`,
      );
    },
    (cause) => {
      const stop = { exitCode: exitCodes.unreachable, cures: [STOP] };
      if (cause instanceof GroupInUse) return { of: 'KAFKA_BROKERS', ...stop };
      const isHeld = cause instanceof StoreUnavailable && cause.why === 'busy';
      return isHeld ? { of: 'LEDGER_STORE', ...stop } : undefined;
    },
  );

const STOP = {
  command: 'kill -TERM PID',
  effect: 'stop every ledger of the group, and that of this store',
};

/** Epochs that readers may know, and not of this store. */
const epochsOfOthers = (
  own: StoreMark,
  had: readonly StoreMark[],
  published: LastPublished | undefined,
): readonly number[] => {
  const marked = had.filter((mark) => !isOwnMark(mark, own)).map(({ epoch }) => epoch);
  const isOwn = !published || (published.isOfThisLog && published.epoch <= own.epoch);
  return isOwn ? marked : [...marked, published.epoch];
};

import { isDeepStrictEqual } from 'node:util';
import { groupStanding } from './group-standing.js';
import type { PartitionStanding } from './group-standing.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import { encodeMark, marksOf } from './store-mark.js';
import type { StoreMark } from './store-mark.js';
import { withAdmin } from './with-admin.js';

/** Somebody is a member of the group. */
export class GroupInUse extends Error {
  override readonly name = 'GroupInUse';
}

export type GroupParts = Readonly<{
  connection: KafkaConnection;
  log: KafkaLog;
  groupId: string;
  topic: string;
}>;

/** A group that nobody is a member of. */
export type UnusedGroup = Readonly<{
  /** The marks of its partitions: of the stores that took its commands. */
  had: readonly StoreMark[];
  /**
   * Marks all partitions with a store: it takes the commands from where the group stands, and no offset is moved.
   *
   * @throws {GroupInUse} a ledger came, or went on, after the group was looked at; nothing was changed.
   * @throws as {@link groupStanding}; where its answer is lost, the partitions may be marked.
   */
  adopt: (store: StoreMark) => Promise<void>;
}>;

/**
 * A group of which another store may take the commands from now on, whichever store took them before.
 *
 * @throws {GroupInUse} ledgers are at work in it.
 * @throws as {@link groupStanding}.
 */
export const unusedGroup = async (group: GroupParts): Promise<UnusedGroup> => {
  const { connection, log } = group;
  await refuseMembers(group, []);
  const standing = await groupStanding(connection, log, group);
  return {
    had: marksOf(standing),
    adopt: (store) => adoptFrom(group, standing, store),
  };
};

const adoptFrom = async (
  group: GroupParts,
  standing: readonly PartitionStanding[],
  store: StoreMark,
): Promise<void> => {
  const { connection, log, groupId, topic } = group;
  // kafkajs commits no metadata but as a member.
  const member = kafkajsClient(connection, 'consumer', log).consumer({
    groupId,
    allowAutoTopicCreation: false,
    retry: { restartOnFailure: () => Promise.resolve(false) },
  });
  try {
    await member.connect();
    await member.subscribe({ topics: [topic], fromBeginning: true });
    const idle = {
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async () => undefined,
    };
    const joined = new Promise<string>((resolve, reject) => {
      member.on(member.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberId));
      member.on(member.events.CRASH, ({ payload }) => reject(payload.error));
    });
    joined.catch(() => undefined);
    await member.run(idle);
    // Whoever came in between has gone on from there, or may be about to: what it decided must not come again.
    await refuseMembers(group, [await joined]);
    const now = await groupStanding(connection, log, group);
    if (!isDeepStrictEqual(marksAndOffsets(now), marksAndOffsets(standing)))
      throw new GroupInUse(`a ledger went on in the group ${groupId} meanwhile`);
    const metadata = encodeMark(store);
    await member.commitOffsets(
      standing.map(({ partition, low, committed = low }) => ({
        topic,
        partition,
        offset: String(committed),
        metadata,
      })),
    );
  } finally {
    await member.disconnect().catch(() => undefined);
  }
};

const marksAndOffsets = (standing: readonly PartitionStanding[]) =>
  standing.map(({ partition, committed, metadata }) => ({ partition, committed, metadata }));

/** @param but the ids of members that are not meant. */
const refuseMembers = async (
  { connection, log, groupId }: GroupParts,
  but: readonly string[],
): Promise<void> => {
  const { groups } = await withAdmin(kafkajsClient(connection, 'admin', log), (admin) =>
    admin.describeGroups([groupId]),
  );
  const members = groups.flatMap((one) => one.members);
  const others = members.filter(({ memberId }) => !but.includes(memberId));
  if (others.length === 0) return;
  const hosts = [...new Set(others.map(({ clientHost }) => clientHost))].join(', ');
  throw new GroupInUse(`ledgers at ${hosts} are members of the group ${groupId}`);
};

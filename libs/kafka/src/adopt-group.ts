import { isDeepStrictEqual } from 'node:util';
import { groupStanding } from './group-standing.js';
import type { PartitionStanding } from './group-standing.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import { decodeMark, encodeMark } from './store-mark.js';
import type { StoreMark } from './store-mark.js';

/** Somebody is a member of the group. */
export class GroupInUse extends Error {
  override readonly name = 'GroupInUse';
}

export type Adoption = Readonly<{
  connection: KafkaConnection;
  log: KafkaLog;
  groupId: string;
  topic: string;
  /**
   * Says which store adopts the group, once nobody is at work in it. It changes nothing yet.
   *
   * @param had the marks of its partitions: of those that took its commands.
   */
  as: (had: readonly StoreMark[]) => StoreMark;
}>;

/**
 * Lets a store take the commands of a group from where the group stands, whichever store took them before: all
 * partitions are marked with it, and no offset is moved.
 *
 * @throws {GroupInUse} ledgers are at work in it, or came while it was adopted; nothing was changed.
 * @throws as {@link groupStanding}, or what `as` throws; nothing was changed.
 * @returns the store that adopts it.
 */
export const adoptGroup = async ({ as, ...group }: Adoption): Promise<StoreMark> => {
  const { connection, log, groupId, topic } = group;
  const refuseOthers = (but: readonly string[]) => refuseMembers(group, but);
  await refuseOthers([]);
  const standing = await groupStanding(connection, log, group);
  const store = as(standing.flatMap(({ metadata }) => decodeMark(metadata) ?? []));
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
    const joined = new Promise<string>((resolve) => {
      member.on(member.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberId));
    });
    await member.run(idle);
    // Whoever came in between has gone on from there, or may be about to: what it decided must not come again.
    await refuseOthers([await joined]);
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
    return store;
  } finally {
    await member.disconnect();
  }
};

const marksAndOffsets = (standing: readonly PartitionStanding[]) =>
  standing.map(({ partition, committed, metadata }) => ({ partition, committed, metadata }));

/** @param but the ids of members that are not meant. */
const refuseMembers = async (
  { connection, log, groupId }: Pick<Adoption, 'connection' | 'log' | 'groupId'>,
  but: readonly string[],
): Promise<void> => {
  const admin = kafkajsClient(connection, 'admin', log).admin();
  try {
    await admin.connect();
    const { groups } = await admin.describeGroups([groupId]);
    const members = groups.flatMap((one) => one.members);
    const others = members.filter(({ memberId }) => !but.includes(memberId));
    if (others.length === 0) return;
    const hosts = [...new Set(others.map(({ clientHost }) => clientHost))].join(', ');
    throw new GroupInUse(`ledgers at ${hosts} are members of the group ${groupId}`);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};

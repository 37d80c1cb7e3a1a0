import type { Admin } from 'kafkajs';
import { groupStanding } from './group-standing.js';
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
   * Says which store adopts the group, once nobody is at work in it.
   *
   * @param had the marks of its partitions: of those that took its commands.
   */
  as: (had: readonly StoreMark[]) => StoreMark | Promise<StoreMark>;
}>;

/**
 * Lets a store take the commands of a group from where the group stands, whichever store took them before: all
 * partitions are marked with it, and no offset is moved.
 *
 * @throws {GroupInUse} ledgers are at work in it; nothing was changed.
 * @throws as {@link groupStanding}, or what `as` throws; nothing was changed.
 * @returns the store that adopts it.
 */
export const adoptGroup = async ({ as, ...group }: Adoption): Promise<StoreMark> => {
  const { connection, log, groupId, topic } = group;
  const admin = kafkajsClient(connection, 'admin', log).admin();
  try {
    await admin.connect();
    await refuseMembers(admin, groupId);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
  const standing = await groupStanding(connection, log, group);
  const store = await as(standing.flatMap(({ metadata }) => decodeMark(metadata) ?? []));
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
    await member.run(idle);
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

const refuseMembers = async (admin: Admin, groupId: string): Promise<void> => {
  const { groups } = await admin.describeGroups([groupId]);
  const members = groups.flatMap((one) => one.members);
  if (members.length === 0) return;
  const hosts = [...new Set(members.map(({ clientHost }) => clientHost))].join(', ');
  throw new GroupInUse(`ledgers at ${hosts} are members of the group ${groupId}`);
};

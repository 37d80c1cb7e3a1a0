import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import { withAdmin } from './with-admin.js';

/** Where a group stands in a partition. Offsets are those of the next record. */
export type PartitionStanding = Readonly<{
  partition: number;
  /** Of the oldest record that is still there. */
  low: bigint;
  /** Of the record that will be written next. */
  high: bigint;
  /** Undefined where the group has committed nothing, or so long ago that it was forgotten. */
  committed: bigint | undefined;
  /** What that was committed with; '' for nothing. */
  metadata: string;
}>;

/**
 * Where a group stands in a topic, in all of its partitions.
 *
 * @throws kafkajs' error: the cluster cannot be asked, or refuses to tell; or that there is no such topic.
 */
export const groupStanding = async (
  connection: KafkaConnection,
  log: KafkaLog,
  { groupId, topic }: Readonly<{ groupId: string; topic: string }>,
): Promise<readonly PartitionStanding[]> => {
  let lastError: string | number | undefined;
  const client = kafkajsClient(connection, 'admin', (level, sentence, members) => {
    lastError = members['error'] ?? lastError;
    log(level, sentence, members);
  });
  const look = async (admin: Admin): Promise<readonly PartitionStanding[]> => {
    await admin.fetchTopicMetadata({ topics: [topic] });
    const offsets = await admin.fetchTopicOffsets(topic);
    const [ofGroup] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const committed = new Map(ofGroup?.partitions.map((one) => [one.partition, one]));
    return offsets.map(({ partition, low, high }) => {
      const { offset = -1, metadata } = committed.get(partition) ?? {};
      const at = BigInt(offset);
      return {
        partition,
        low: BigInt(low),
        high: BigInt(high),
        committed: at >= 0n ? at : undefined,
        metadata: metadata ?? '',
      };
    });
  };
  try {
    return await withAdmin(client, look);
  } catch (error) {
    throw betterError(error, topic, lastError);
  }
};

/** What a person needs to know: kafkajs does not say which topic, and of a coordinator only that there is none. */
const betterError = (error: unknown, topic: string, lastError: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  if ('type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return new Error(`there is no topic ${topic}`, { cause: error });
  }
  if (error.name !== 'KafkaJSGroupCoordinatorNotFound') return error;
  return new Error(`${error.message}: ${String(lastError)}`, { cause: error });
};

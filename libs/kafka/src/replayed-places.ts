import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import type { Places } from './replay.js';
import { withAdmin } from './with-admin.js';

/**
 * How far the dead letters of each reason have been replayed: the offsets of a consumer group that has no
 * members. A broker forgets them when they are old (`offsets.retention.minutes`, seven days by default).
 */
export class ReplayedPlaces {
  readonly #parts: Readonly<{
    connection: KafkaConnection;
    log: KafkaLog;
    topic: string;
    groupPrefix: string;
  }>;

  /**
   * @param parts the topic of dead letters, and what the names of the groups begin with; the reason is the
   *   rest of it.
   */
  constructor(
    parts: Readonly<{
      connection: KafkaConnection;
      log: KafkaLog;
      topic: string;
      groupPrefix: string;
    }>,
  ) {
    this.#parts = parts;
  }

  /** @throws kafkajs' error: there is no such topic, or the cluster cannot be asked. */
  of(reason: string): Promise<Places> {
    const { topic } = this.#parts;
    return this.#connected(async (admin) => {
      const groups = await admin.fetchOffsets({ groupId: this.#group(reason), topics: [topic] });
      const kept = groups.flatMap(({ partitions }) => partitions);
      return new Map(
        kept
          .map(({ partition, offset }) => [partition, BigInt(offset)] as const)
          // -1: nothing is kept of this partition.
          .filter(([, offset]) => offset >= 0n),
      );
    });
  }

  /** @throws kafkajs' error: the cluster cannot be told, or somebody else is telling it. */
  async keep(reason: string, places: Places): Promise<void> {
    if (places.size === 0) return;
    const { topic } = this.#parts;
    const partitions = [...places].map(([partition, offset]) => ({
      partition,
      offset: String(offset),
    }));
    await this.#connected((admin) =>
      admin.setOffsets({ groupId: this.#group(reason), topic, partitions }),
    );
  }

  #group(reason: string): string {
    return `${this.#parts.groupPrefix}${reason}`;
  }

  #connected<Result>(task: (admin: Admin) => Promise<Result>): Promise<Result> {
    const { connection, log } = this.#parts;
    return withAdmin(kafkajsClient(connection, 'admin', log), task);
  }
}

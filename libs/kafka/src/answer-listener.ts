import { randomUUID } from 'node:crypto';
import type { Admin, Consumer } from 'kafkajs';
import { inboundRecord } from './inbound-record.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import type { InboundRecord } from './records.js';
import { withAdmin } from './with-admin.js';

export type AnswerListenerParts = Readonly<{
  connection: KafkaConnection;
  /** The topic of answers. */
  topic: string;
  /** What the name of its group begins with: it has a group of its own, which is gone when it stops. */
  groupPrefix: string;
  log: KafkaLog;
  /** Must not throw. */
  heard: (answer: InboundRecord) => void;
}>;

/** Hears every answer from a moment on, whoever it is for. */
export class AnswerListener {
  readonly #parts: AnswerListenerParts;
  readonly #groupId: string;
  #consumer: Consumer | undefined;

  constructor(parts: AnswerListenerParts) {
    this.#parts = parts;
    this.#groupId = `${parts.groupPrefix}capture-answers-${randomUUID()}`;
  }

  /**
   * Resolves when no answer that is written from now on will be missed.
   *
   * @throws kafkajs' error: the cluster cannot be reached, or has no such topic.
   */
  async start(): Promise<void> {
    const { connection, topic, log, heard } = this.#parts;
    await this.#asAdmin(async (admin) => {
      const ends = await admin.fetchTopicOffsets(topic);
      const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
      await admin.setOffsets({ groupId: this.#groupId, topic, partitions });
    });
    const consumer = kafkajsClient(connection, 'consumer', log).consumer({
      groupId: this.#groupId,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
    });
    this.#consumer = consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { partition, messages } }) => {
        for (const message of messages) heard(inboundRecord(topic, partition, message));
      },
    });
  }

  async stop(): Promise<void> {
    await this.#consumer?.disconnect().catch(() => undefined);
    // Where this fails: it has no members, so that the broker forgets it by itself.
    await this.#asAdmin((admin) => admin.deleteGroups([this.#groupId])).catch(() => undefined);
  }

  #asAdmin<Result>(task: (admin: Admin) => Promise<Result>): Promise<Result> {
    const { connection, log } = this.#parts;
    return withAdmin(kafkajsClient(connection, 'admin', log), task);
  }
}

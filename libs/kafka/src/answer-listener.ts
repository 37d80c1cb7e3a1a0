import { randomUUID } from 'node:crypto';
import type { Consumer } from 'kafkajs';
import { inboundRecord } from './inbound-record.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import type { InboundRecord } from './records.js';

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
    const client = kafkajsClient(connection, 'admin', log);
    const admin = client.admin();
    try {
      await admin.connect();
      const ends = await admin.fetchTopicOffsets(topic);
      const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
      await admin.setOffsets({ groupId: this.#groupId, topic, partitions });
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
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
    const { connection, log } = this.#parts;
    await this.#consumer?.disconnect().catch(() => undefined);
    const admin = kafkajsClient(connection, 'admin', log).admin();
    try {
      await admin.connect();
      await admin.deleteGroups([this.#groupId]);
    } catch {
      // It has no members, so that the broker forgets it by itself.
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

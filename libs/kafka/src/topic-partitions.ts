import type { Admin, Kafka } from 'kafkajs';
import type { Clock } from '#runtime/clock.js';
import { Connected } from './connected.js';

/** Milliseconds after which the cluster is asked again: partitions may be added. kafkajs has it, too. */
const KNOWN_FOR = 300_000;

/** How many partitions topics have. */
export class TopicPartitions {
  readonly #admin: Connected<Admin>;
  readonly #clock: Clock;
  readonly #known = new Map<string, Readonly<{ partitions: number; until: number }>>();

  constructor(client: Kafka, clock: Clock) {
    this.#admin = new Connected(() => client.admin());
    this.#clock = clock;
  }

  /** @throws kafkajs' error: there is no such topic, or the cluster cannot be asked. */
  async of(topic: string): Promise<number> {
    const known = this.#known.get(topic);
    if (known && this.#clock.now() < known.until) return known.partitions;
    const partitions = await this.#ask(topic).catch((error: unknown) => {
      // There are no fewer than there were; whoever sends sees to it that all is acknowledged.
      if (known) return known.partitions;
      throw error;
    });
    this.#known.set(topic, { partitions, until: this.#clock.now() + KNOWN_FOR });
    return partitions;
  }

  /** What was known may be wrong: it is asked for again. */
  forget(topic: string): void {
    this.#known.delete(topic);
  }

  close(): Promise<void> {
    return this.#admin.close();
  }

  async #ask(topic: string): Promise<number> {
    const partitions = await this.#admin.lend((admin) =>
      admin.fetchTopicMetadata({ topics: [topic] }).then(
        ({ topics }) => topics[0]!.partitions.length,
        // The broker has answered: there is nothing wrong with this connection.
        (error: unknown) => (isAnswer(error) ? error : Promise.reject(error)),
      ),
    );
    if (typeof partitions !== 'number') throw partitions;
    return partitions;
  }
}

const isAnswer = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'KafkaJSProtocolError';

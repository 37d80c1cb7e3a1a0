import { mendingLine } from './topic-plan.js';
import type { Difference } from './topic-plan.js';

/** Settings of topics with which the ledger could not keep its word. It consumes nothing until they are mended. */
export class TopicPromiseBroken extends Error {
  override readonly name = 'TopicPromiseBroken';

  /** @param brokers for the lines that mend it. */
  constructor(differences: readonly Difference[], brokers: readonly string[]) {
    super(differences.map((difference) => sentence(difference, brokers)).join('\n'));
  }
}

/** Topics that are not there and may not be made. */
export class TopicsMissing extends Error {
  override readonly name = 'TopicsMissing';

  constructor(topics: readonly string[]) {
    super(`not there, or hidden from this user: ${topics.join(', ')}`);
  }
}

/** The broker lets us in, and does not let us see or make a topic. */
export class TopicForbidden extends Error {
  override readonly name = 'TopicForbidden';

  /** @param operations those of Kafka's access control that are needed. */
  constructor(topic: string, operations: string, cause: unknown) {
    super(`this user may not ${operations} ${topic}`, { cause });
  }
}

const sentence = (difference: Difference, brokers: readonly string[]): string => {
  const { topic, is, expected } = difference;
  const found = is === undefined ? `has no ${expected.setting}` : `has ${expected.setting}=${is}`;
  return `${topic} ${found}, it must be ${expected.must}: ${expected.why}\n  ${mendingLine(difference, brokers)}`;
};

import type { TopicNames, ViewTopic } from './topic-names.js';

/** A record for a fenced sink, which knows the topics. */
export type FencedRecord = Readonly<{
  channel: FencedChannel;
  key: string;
  /** null: a tombstone. */
  value: string | null;
  headers: Readonly<Record<string, string>>;
}>;

export type FencedChannel = 'events' | ViewTopic;

/** The topics that a fenced sink writes to, and reads from. */
export type FencedTopics = Pick<TopicNames, FencedChannel | 'checkpoints'>;

/** The broker has refused what was sent: another producer has taken over, or this one was taken for dead. */
export class PublisherFenced extends Error {
  override readonly name = 'PublisherFenced';
}

/** Types of the broker's errors that say so. */
const FENCED: ReadonlySet<string> = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED']);

/** What a driver threw, as {@link PublisherFenced} where it is that. */
export const fencedOr = (error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(String(error));
  return 'type' in error && FENCED.has(String(error.type))
    ? new PublisherFenced(error.message, { cause: error })
    : error;
};

import { RECORD_BYTES_MAX } from './command-record.js';
import type { TopicNames } from './topic-names.js';

/** What becomes of us where a topic has another value: it does not hold, or it is only another choice. */
export type Otherwise = 'promise-broken' | 'differs';

/** What one setting of a topic should be. */
export type Expectation = Readonly<{
  setting: string;
  /** What a topic is made with, and what mends one. */
  value: string;
  /** For a person: `uncompressed`, `at least 1048588`. */
  must: string;
  isMet: (value: string) => boolean;
  otherwise: Otherwise;
  /** What happens otherwise, or what it is for. */
  why: string;
  /** Asked only of a topic with at least so many replicas, and none is made with it. */
  fromReplicas?: number;
}>;

/** One of our topics. A change of shape is a new topic. */
export type TopicSpecification = Readonly<{
  name: string;
  /** Of one that is made. One that is there keeps its own: another number moves the keys. */
  partitions: number;
  expectations: readonly Expectation[];
}>;

export const DAY_MS = 86_400_000;

/** What Kafka gives a topic by itself: one batch of a little more than 1 MiB. */
export const BATCH_BYTES = 1_048_588;

/** A batch of one record as large as we take any, with what Kafka writes around it and its headers. */
const ONE_RECORD_BYTES = RECORD_BYTES_MAX + 4 * 1024;

/** Every poison fits with its headers and what we say of it. */
const DEAD_LETTER_BYTES = 2_097_152;

/** The topics of commands and of what is answered. @param partitions of each that is made. */
export const commandTopics = (
  names: TopicNames,
  partitions: number,
): readonly TopicSpecification[] => [
  {
    name: names.commands,
    partitions,
    expectations: [
      exactly('compression.type', 'uncompressed', {
        otherwise: 'promise-broken',
        why: 'the broker must unpack what senders pack, else one batch in lz4, snappy or zstd stops its partition',
      }),
      between('max.message.bytes', ONE_RECORD_BYTES, BATCH_BYTES, {
        otherwise: 'promise-broken',
        why: 'below it a record that the ledger takes is refused by the broker, above it one fetch can hold too much in memory',
      }),
      notCompacted('commands not yet decided would be thrown away'),
      kept(7),
      ...replicated,
    ],
  },
  {
    name: names.deadLetters,
    partitions,
    expectations: [
      atLeast('max.message.bytes', DEAD_LETTER_BYTES, {
        otherwise: 'promise-broken',
        why: 'a dead letter that does not fit would hold its partition for ever',
      }),
      notCompacted('a dead letter without a key would be refused, and hold its partition for ever'),
      kept(30),
      ...replicated,
    ],
  },
  {
    name: names.answers,
    partitions,
    expectations: [
      atLeast('max.message.bytes', BATCH_BYTES, {
        otherwise: 'promise-broken',
        why: 'answers that do not fit would hold their partition for ever',
      }),
      notCompacted('only the last answer of each authorization would be left'),
      kept(1),
      ...replicated,
    ],
  },
];

type Reason = Pick<Expectation, 'otherwise' | 'why'>;

export const exactly = (setting: string, value: string, reason: Reason): Expectation => ({
  setting,
  value,
  must: value,
  ...reason,
  isMet: (is) => is === value,
});

const between = (setting: string, least: number, most: number, reason: Reason): Expectation => ({
  setting,
  value: `${most}`,
  must: `from ${least} to ${most}`,
  ...reason,
  isMet: (is) => Number(is) >= least && Number(is) <= most,
});

export const atLeast = (setting: string, least: number, reason: Reason): Expectation => ({
  setting,
  value: `${least}`,
  must: `at least ${least}`,
  ...reason,
  isMet: (is) => Number(is) >= least,
});

export const notCompacted = (why: string): Expectation =>
  exactly('cleanup.policy', 'delete', { otherwise: 'promise-broken', why });

const kept = (days: number): Expectation =>
  exactly('retention.ms', `${days * DAY_MS}`, {
    otherwise: 'differs',
    why: `records are meant to be kept for ${days === 1 ? 'a day' : `${days} days`}`,
  });

/** What makes an acknowledgement worth something, where there are replicas to give it. */
export const replicated: readonly Expectation[] = [
  {
    ...atLeast('min.insync.replicas', 2, {
      otherwise: 'differs',
      why: 'a record may be acknowledged by one replica alone, and be lost with it',
    }),
    fromReplicas: 3,
  },
  {
    ...exactly('unclean.leader.election.enable', 'false', {
      otherwise: 'differs',
      why: 'a replica that lacks acknowledged records may become the leader',
    }),
    fromReplicas: 3,
  },
];

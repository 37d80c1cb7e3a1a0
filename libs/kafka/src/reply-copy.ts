import { withheldInText } from '#commands/withheld.js';
import type { CopyFailure } from './copy-sink.js';
import { headerText, lastHeader } from './headers.js';
import type { KafkaObserver } from './kafka-observer.js';
import type { InboundRecord, OutRecord } from './records.js';

/** What Kafka takes as the name of a topic. To ask it for another can spoil the producer for all that follow. */
const TOPIC_NAME = /^(?!\.{1,2}$)[\w.-]{1,249}$/;

/** Who asked longer ago does not wait any more: a group that reads all again floods nobody. */
const AGE_MAX_MS = 60 * 60 * 1000;

/** What a caller named that is no name of a topic, or must not be logged. */
const NO_NAME = 'what is no name of a topic';

/** What an answer is known by again on a reply topic. */
const CORRELATION = 'kafka_correlationId';

export type ReplyCopyRules = Readonly<{
  /**
   * The topics that callers may name: were any other taken, a sender could have records of its own making
   * written into ours.
   */
  replyTopics: RegExp;
  /** Our own topics, whatever the rule says. */
  ours: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  now: number;
  refused: KafkaObserver['copyFailed'];
}>;

/**
 * The copy of an answer for the topic that its caller named, as Nest's `ClientKafka` and Spring's
 * `ReplyingKafkaTemplate` do; undefined where none was asked for, or so long ago that nobody waits, or where
 * none is given, which is told.
 */
export const replyCopy = (
  answer: OutRecord,
  record: InboundRecord,
  rules: ReplyCopyRules,
): OutRecord | undefined => {
  const { headers, timestamp } = record;
  if (!headers.has('kafka_replyTopic') || rules.now - timestamp > AGE_MAX_MS) return undefined;
  const topic = headerText(headers, 'kafka_replyTopic') ?? '';
  const partition = partitionIn(lastHeader(headers, 'kafka_replyPartition'));
  const refusal = refusalOf(topic, rules) ?? refusalBy(partition, answer, record);
  if (refusal) {
    rules.refused(nameOf(topic), ...refusal);
    return undefined;
  }
  return {
    ...answer,
    topic,
    // Without it `lastValueFrom` of a Nest caller never completes. The value does not matter.
    headers: { ...answer.headers, 'kafka_nest-is-disposed': Buffer.of(0) },
    ...(typeof partition === 'number' && { partition }),
  };
};

/** Why there is no copy, for a person, and how it is counted. */
type Refusal = readonly [why: string, failure: CopyFailure];

const refusalOf = (topic: string, { replyTopics, ours }: ReplyCopyRules): Refusal | undefined =>
  TOPIC_NAME.test(topic) && replyTopics.test(topic) && !ours.has(topic)
    ? undefined
    : ['callers may not name this topic', 'forbidden_topic'];

const refusalBy = (
  partition: ReturnType<typeof partitionIn>,
  answer: OutRecord,
  { headers }: InboundRecord,
): Refusal | undefined => {
  if (partition === 'unreadable') {
    return ['kafka_replyPartition is no partition', 'unusable_partition'];
  }
  // With a correlation that is not repeated, nobody could say whose answer it is.
  return headers.has(CORRELATION) && !Object.hasOwn(answer.headers, CORRELATION)
    ? [`${CORRELATION} is too long to be repeated`, 'correlation_too_long']
    : undefined;
};

const nameOf = (topic: string): string =>
  TOPIC_NAME.test(topic) && withheldInText(topic) === undefined ? topic : NO_NAME;

/** Digits (Nest) or four bytes, big-endian (Spring). As a number, four digits would be above 808 million. */
const partitionIn = (header: Buffer | undefined): number | undefined | 'unreadable' => {
  if (!header) return undefined;
  const text = header.toString('latin1');
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (header.length !== 4) return 'unreadable';
  const partition = header.readInt32BE();
  return partition >= 0 ? partition : 'unreadable';
};

import { headerText, lastHeader } from './headers.js';
import type { InboundRecord, OutRecord } from './records.js';

/** What Kafka takes as the name of a topic. To ask it for another can spoil the producer for all that follow. */
const TOPIC_NAME = /^(?!\.{1,2}$)[\w.-]{1,249}$/;

/** Who asked longer ago does not wait any more: a group that reads all again floods nobody. */
const AGE_MAX_MS = 60 * 60 * 1000;

/**
 * The copy of an answer for the topic that its caller named, as Nest's `ClientKafka` and Spring's
 * `ReplyingKafkaTemplate` do; undefined where none was asked for, or none is given.
 *
 * @param replyTopics the topics that callers may name: were any other taken, a sender could have records of
 *   its own making written into ours.
 * @param now milliseconds since 1970.
 */
export const replyCopy = (
  answer: OutRecord,
  record: InboundRecord,
  { replyTopics, now }: Readonly<{ replyTopics: RegExp; now: number }>,
): OutRecord | undefined => {
  const topic = headerText(record.headers, 'kafka_replyTopic');
  if (topic === undefined || !TOPIC_NAME.test(topic) || !replyTopics.test(topic)) return undefined;
  if (now - record.timestamp > AGE_MAX_MS) return undefined;
  const partition = partitionIn(lastHeader(record.headers, 'kafka_replyPartition'));
  if (partition === 'unreadable') return undefined;
  return {
    ...answer,
    topic,
    // Without it `lastValueFrom` of a Nest caller never completes. The value does not matter.
    headers: { ...answer.headers, 'kafka_nest-is-disposed': Buffer.of(0) },
    ...(partition !== undefined && { partition }),
  };
};

/** Digits (Nest) or four bytes, big-endian (Spring). As a number, four digits would be above 808 million. */
const partitionIn = (header: Buffer | undefined): number | undefined | 'unreadable' => {
  if (!header) return undefined;
  const text = header.toString('latin1');
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (header.length !== 4) return 'unreadable';
  const partition = header.readInt32BE();
  return partition >= 0 ? partition : 'unreadable';
};

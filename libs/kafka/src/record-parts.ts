import type { ICustomPartitioner, IHeaders, Message, RecordMetadata, TopicMessages } from 'kafkajs';
import type { Clock } from '#runtime/clock.js';
import { partitionOf } from './partition-of.js';
import type { OutRecord } from './records.js';

/** A record whose partition is chosen. */
export type PlacedRecord = OutRecord & Readonly<{ partition: number }>;

/** What one send has for one partition: kafkajs makes one batch of it, which a topic's limit bounds. */
export type PartitionShare = Readonly<{ topic: string; partition: number; messages: Message[] }>;

/** What goes out in one send, by `topic/partition`. */
export type Part = Map<string, PartitionShare>;

/** Bytes for a partition in one send: half of the least `max.message.bytes` that our topics have. */
const PART_BYTES = 512 * 1024;

/** Bytes that a record or a header takes beside its contents, at most. */
const AROUND = 24;

/**
 * A record goes where it says, else where its key belongs, else anywhere.
 *
 * @param partitions how many its topic has.
 */
export const placed = (record: OutRecord, partitions: number, clock: Clock): PlacedRecord => {
  const { key, partition } = record;
  if (partition !== undefined) return { ...record, partition };
  if (key !== null) return { ...record, partition: partitionOf(key, partitions) };
  return { ...record, partition: Math.floor(clock.random() * partitions) };
};

/** For kafkajs' producers: partitions are chosen before, so that it is known which must be acknowledged. */
export const chosenPartition: ICustomPartitioner =
  () =>
  ({ message }) =>
    message.partition!;

/**
 * Splits records into sends: none has more than {@link PART_BYTES} for a partition, but that a larger
 * record goes alone. Sent one after the other, they keep the order of every partition.
 */
export const partsOf = (records: readonly PlacedRecord[]): readonly Part[] => {
  const parts: Part[] = [];
  const filled = new Map<string, { part: number; bytes: number }>();
  for (const record of records) {
    const { topic, partition } = record;
    const place = `${topic}/${partition}`;
    const size = sizeOf(record);
    let at = filled.get(place);
    if (!at) filled.set(place, (at = { part: 0, bytes: 0 }));
    if (at.bytes > 0 && at.bytes + size > PART_BYTES) {
      at.part += 1;
      at.bytes = 0;
    }
    at.bytes += size;
    const part = (parts[at.part] ??= new Map());
    const share = part.get(place);
    if (share) share.messages.push(messageOf(record));
    else part.set(place, { topic, partition, messages: [messageOf(record)] });
  }
  return parts;
};

/** For kafkajs' `sendBatch`. */
export const topicMessages = (part: Part): TopicMessages[] => {
  const topics = new Map<string, Message[]>();
  for (const { topic, messages } of part.values()) {
    const all = topics.get(topic);
    if (all) for (const message of messages) all.push(message);
    else topics.set(topic, [...messages]);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
};

/** Leaves what the broker did not acknowledge: a send may resolve without. */
export const removeAcknowledged = (part: Part, acks: readonly RecordMetadata[]): void => {
  for (const { topicName, partition, errorCode } of acks) {
    if (errorCode === 0) part.delete(`${topicName}/${partition}`);
  }
};

const messageOf = ({ key, value, headers, partition }: PlacedRecord): Message => ({
  key,
  value,
  headers: headers as IHeaders,
  partition,
});

const sizeOf = ({ key, value, headers }: PlacedRecord): number => {
  let size = AROUND + lengthOf(key) + lengthOf(value);
  for (const [name, header] of Object.entries(headers)) {
    const values = typeof header === 'string' || Buffer.isBuffer(header) ? [header] : header;
    for (const one of values) size += AROUND + lengthOf(name) + lengthOf(one);
  }
  return size;
};

const lengthOf = (bytes: Buffer | string | null): number => {
  if (bytes === null) return 0;
  return typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length;
};

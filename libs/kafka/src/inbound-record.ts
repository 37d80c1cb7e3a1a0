import type { KafkaMessage } from 'kafkajs';
import type { InboundHeaders, InboundRecord } from './records.js';

/** A record of a batch, as kafkajs hands it over. */
export const inboundRecord = (
  topic: string,
  partition: number,
  { offset, key, value, timestamp, headers }: KafkaMessage,
): InboundRecord => ({
  topic,
  partition,
  offset: BigInt(offset),
  key,
  value,
  headers: inboundHeaders(headers),
  timestamp: Number(timestamp),
});

/** A header that has no value is there, and empty. */
const NOTHING = Buffer.alloc(0);

/**
 * kafkajs collects headers in an object, so that one named `constructor` or `toString` comes with what
 * every object has under that name before its own bytes.
 */
const inboundHeaders = (headers: KafkaMessage['headers'] = {}): InboundHeaders =>
  new Map(
    Object.entries(headers).map(([name, value]) => {
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return [name, values.filter(isValue).map((one) => one ?? NOTHING)];
    }),
  );

const isValue = (one: unknown): one is Buffer | null => one === null || Buffer.isBuffer(one);

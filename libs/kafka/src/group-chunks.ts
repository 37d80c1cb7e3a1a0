import type { EachBatchPayload } from 'kafkajs';
import { inboundRecord } from './inbound-record.js';
import type { InboundRecord } from './records.js';

/** Records that are worked on together, at most. */
const RECORDS_MAX = 2_000;

/** Bytes of keys and values that are worked on together; the record that reaches it is the last. */
const BYTES_MAX = 4 * 1024 * 1024;

/** How far a chunk takes a partition. */
export type ChunkEnd = Readonly<{ payload: EachBatchPayload; lastOffset: string }>;

export type Chunk = { readonly records: InboundRecord[]; readonly ends: ChunkEnd[]; bytes: number };

/** Where a partition is to be committed: `offset` is that of the next record. */
export type PartitionOffset = Readonly<{ partition: number; offset: string }>;

/** Where the partitions of a chunk stand when it is worked off. */
export const offsetsAfter = ({ ends }: Chunk): readonly PartitionOffset[] =>
  ends.map(({ payload, lastOffset }) => ({
    partition: payload.batch.partition,
    offset: String(BigInt(lastOffset) + 1n),
  }));

const emptyChunk = (): Chunk => ({ records: [], ends: [], bytes: 0 });

/** Batches of several partitions in bearable chunks, each partition in its order. */
export function* chunksOf(payloads: readonly EachBatchPayload[]): Generator<Chunk> {
  let chunk = emptyChunk();
  for (const payload of payloads) {
    const { topic, partition, messages } = payload.batch;
    for (const [index, message] of messages.entries()) {
      chunk.records.push(inboundRecord(topic, partition, message));
      chunk.bytes += (message.key?.length ?? 0) + (message.value?.length ?? 0);
      const full = chunk.records.length >= RECORDS_MAX || chunk.bytes >= BYTES_MAX;
      // Behind its last record a batch may have marks of transactions, which nobody is handed.
      const isLast = index === messages.length - 1;
      const lastOffset = isLast ? payload.batch.lastOffset() : message.offset;
      if (isLast || full) chunk.ends.push({ payload, lastOffset });
      if (!full) continue;
      yield chunk;
      chunk = emptyChunk();
    }
  }
  if (chunk.records.length > 0) yield chunk;
}

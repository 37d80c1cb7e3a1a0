import { assert, integer, oneof, property, string, uint8Array } from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionOf } from '#kafka/partition-of.js';

const ofKafkajs = (key: Buffer | string, partitions: number): number =>
  Partitioners.DefaultPartitioner()({
    topic: 'capture.answers.v1',
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      isr: [1],
      replicas: [1],
      partitionErrorCode: 0,
    })),
    message: { key, value: null },
  });

describe('the partition of a key', () => {
  const key = oneof(
    string({ unit: 'binary' }),
    uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  );

  it('is the one that kafkajs and Java choose', () => {
    assert(
      property(key, integer({ min: 1, max: 100 }), (one, partitions) => {
        expect(partitionOf(one, partitions)).toBe(ofKafkajs(one, partitions));
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])("hashes '%s' as Kafka's own tests do", (one, hash) => {
    // With so many partitions the partition is the hash without its sign.
    expect(partitionOf(one, 0x7fff_ffff)).toBe(hash & 0x7fff_ffff);
  });
});

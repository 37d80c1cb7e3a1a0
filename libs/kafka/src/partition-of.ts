const SEED = 0x9747_b28c;
const MULTIPLIER = 0x5bd1_e995;

/**
 * The partition of a key, from 0, as the default partitioners of Java and kafkajs have it: murmur2 of its
 * bytes, modulo the number of partitions. (librdkafka has another default; see the senders' guide.)
 *
 * @param partitions how many the topic has, at least 1.
 */
export const partitionOf = (key: Buffer | string, partitions: number): number =>
  (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fff_ffff) % partitions;

/** Austin Appleby's MurmurHash2 in 32 bits, with the seed that Kafka chose. */
const murmur2 = (bytes: Buffer): number => {
  const whole = bytes.length - (bytes.length % 4);
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), MULTIPLIER);
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  if (whole < bytes.length) {
    hash = Math.imul(hash ^ bytes.readUIntLE(whole, bytes.length - whole), MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
};

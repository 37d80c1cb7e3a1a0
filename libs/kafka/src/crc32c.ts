/** Castagnoli's polynomial, the lowest bit first: RFC 3720, 12.1. */
const POLYNOMIAL = 0x82f6_3b78;

/** Bytes that are taken at a time. */
const SLICES = 8;

/** Of each byte value, at each of {@link SLICES} distances from the end: what it does to the sum. */
const tables = new Int32Array(SLICES * 256);
for (let value = 0; value < 256; value += 1) {
  let sum = value;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
  tables[value] = sum;
}
for (let at = 256; at < tables.length; at += 1) {
  const before = tables[at - 256]!;
  tables[at] = (before >>> 8) ^ tables[before & 0xff]!;
}

/**
 * The checksum of a record batch (CRC-32C), eight bytes at a time by tables instead of one by one ("slicing-by-8":
 * Kounavis and Berry, A Systematic Approach to Building High Performance Software-based CRC Generators, 2005).
 *
 * @returns 32 bits, unsigned.
 */
export const crc32c = (bytes: Uint8Array): number => {
  let sum = -1;
  let at = 0;
  for (const end = bytes.length - SLICES; at <= end; at += SLICES) {
    sum ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    sum =
      tables[1_792 + (sum & 0xff)]! ^
      tables[1_536 + ((sum >>> 8) & 0xff)]! ^
      tables[1_280 + ((sum >>> 16) & 0xff)]! ^
      tables[1_024 + (sum >>> 24)]! ^
      tables[768 + bytes[at + 4]!]! ^
      tables[512 + bytes[at + 5]!]! ^
      tables[256 + bytes[at + 6]!]! ^
      tables[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at += 1) sum = (sum >>> 8) ^ tables[(sum ^ bytes[at]!) & 0xff]!;
  return ~sum >>> 0;
};

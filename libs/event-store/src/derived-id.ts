import { hash } from 'node:crypto';

/** The ledger's own namespace. It is part of every id ever made, so it never changes. */
const NAMESPACE = Buffer.from('6f0c3a528f0d4b6e9c072d1b7e5a94c8', 'hex');

/**
 * The id of something that a command made: UUIDv5 (RFC 9562) of `{stream}/{commandId}/{part}`, in
 * lower case. A part is an event's index in its command's decision, or the thing that the command
 * opened without naming it. The same command makes the same ids however often it is sent; the same
 * command id on another stream is another command, and makes others.
 */
export const derivedId = (
  stream: string,
  commandId: string,
  part: number | 'capture' | 'refund',
): string => uuidV5(`${stream}/${commandId}/${part}`);

/** The library `uuid` does the same in three times as long, and every event needs one. A test compares. */
const uuidV5 = (name: string): string => {
  const bytes = Buffer.allocUnsafe(NAMESPACE.length + Buffer.byteLength(name));
  NAMESPACE.copy(bytes);
  bytes.write(name, NAMESPACE.length);
  const hex = hash('sha1', bytes, 'hex');
  // The first digit of the third group is the version; the upper half of the fourth's is the variant.
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

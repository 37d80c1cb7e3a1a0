import { dirname, join, sep } from 'node:path';
import { crc32c } from './crc32c.js';
import { commitDefaultOffset } from './kafkajs-offset-reset.js';
import type { OffsetManager, Place } from './kafkajs-offset-reset.js';
import { settledSends } from './kafkajs-settled-sends.js';
import type { MakeSender } from './kafkajs-settled-sends.js';

/** The one release whose insides are as this file knows them. */
export const PATCHED_VERSION = '2.2.4';

/** What a record is made of, as kafkajs hands it to its encoder. */
export type RecordParts = Readonly<{
  offsetDelta?: number;
  timestampDelta?: number;
  key?: Bytes;
  value?: Bytes;
  headers?: Readonly<Record<string, Bytes | readonly Bytes[]>>;
}>;

type Bytes = Buffer | string | null | undefined;

/** kafkajs' growing buffer, of which an encoded record is one. */
export type Encoder = {
  buf: Buffer;
  offset: number;
  readonly buffer: Buffer;
  ensureAvailable(length: number): void;
};

export type EncodeRecord = (parts: RecordParts) => Encoder;

type GroupMessages = <Message>(
  send: Readonly<{
    topic: string;
    partitionMetadata: readonly unknown[];
    messages: readonly Message[];
    partitioner: (one: Readonly<Record<string, unknown>>) => number;
  }>,
) => Record<number, Message[]>;

type RequestQueue = {
  pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
};

/** Beyond this a delta may need more than the 32 bits in which it is written here: kafkajs does those. */
const DELTA_MAX = 0x3fff_ffff;

/** Milliseconds after which kafkajs looks at requests that wait for their turn. */
const CHECK_EVERY_MS = 10;

/**
 * Replaces seven inner parts of kafkajs 2.2.4, which has had no release since 2023: the encoding of a
 * record (half of what producing costs: it allocates 512 zeroed bytes for each record and each header),
 * the growing of buffers (zeroed each time), the checksum of a batch (byte by byte in JavaScript: a seventh of
 * what publishing costs), the grouping of records by partition (quadratic), a timer that idles in a loop with
 * negative delays, of which Node warns, a send that writes records twice (kafkajs-settled-sends.ts), and a commit
 * that forgets what the one before it said (kafkajs-offset-reset.ts). The bytes of a batch stay the same; tests compare them.
 *
 * Must run before kafkajs is loaded: `kafkajs.ts` sees to that, and nothing else loads kafkajs. To be rid
 * of it, delete this file and its call there.
 *
 * @param require a `require` that finds kafkajs and shares its module cache.
 * @returns kafkajs' own encoder, for whoever wants to compare.
 * @throws Error another release is installed.
 */
export const patchKafkajs = (require: NodeJS.Require): EncodeRecord => {
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== PATCHED_VERSION) {
    throw new Error(
      `kafkajs ${version} is installed, and libs/kafka/src/kafkajs-patch.ts is for ${PATCHED_VERSION}: ` +
        `pin that release again, or see whether the patch is still needed and right`,
    );
  }
  const root = dirname(require.resolve('kafkajs/package.json'));
  // Whoever loaded it before has closed over the parts to be replaced: it keeps its copy, we take a new one.
  for (const [file, module] of Object.entries(require.cache)) {
    if (file.startsWith(root + sep) && module?.loaded === true) delete require.cache[file];
  }
  const part = <T>(path: string): T => require(join(root, 'src', path)) as T;
  const replace = (path: string, exported: unknown): void => {
    part(path);
    require.cache[require.resolve(join(root, 'src', path))]!.exports = exported;
  };

  const encoder = part<{ prototype: Encoder }>('protocol/encoder.js').prototype;
  encoder.ensureAvailable = ensureAvailable;
  const stock = part<EncodeRecord>('protocol/recordBatch/record/v0/index.js');
  replace('protocol/recordBatch/record/v0/index.js', recordEncoder(stock, encoder));
  replace('protocol/recordBatch/crc32C/index.js', crc32c);
  replace('producer/groupMessagesPerPartition.js', groupMessagesPerPartition);
  replace('producer/sendMessages.js', settledSends(part<MakeSender>('producer/sendMessages.js')));
  part<{ prototype: OffsetManager }>('consumer/offsetManager/index.js').prototype.setDefaultOffset =
    setDefaultOffset;
  part<{ prototype: RequestQueue }>(
    'network/requestQueue/index.js',
  ).prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
  return stock;
};

/** Grows as kafkajs' own does, but for zeroes: whatever is read of it was written before. */
function ensureAvailable(this: Encoder, length: number): void {
  const needed = this.offset + length;
  if (needed <= this.buf.length) return;
  const larger = Buffer.allocUnsafe(2 ** (32 - Math.clz32(needed)));
  this.buf.copy(larger, 0, 0, this.offset);
  this.buf = larger;
}

/** One buffer of the exact size for each record: what goes into it is measured first, and once. */
const recordEncoder =
  (stock: EncodeRecord, prototype: Encoder): EncodeRecord =>
  (parts) => {
    const { offsetDelta = 0, timestampDelta = 0, key, value, headers } = parts;
    if (timestampDelta < 0 || timestampDelta > DELTA_MAX) return stock(parts);
    const listed = [key, value];
    const count = listHeaders(headers, listed);
    const lengths = listed.map(lengthOf);
    let size = 1 + sizeOfVarInt(timestampDelta) + sizeOfVarInt(offsetDelta) + sizeOfVarInt(count);
    for (const length of lengths) size += sizeOfVarInt(length) + Math.max(length, 0);

    const buf = Buffer.allocUnsafe(sizeOfVarInt(size) + size);
    let at = writeVarInt(buf, 0, size);
    buf[at++] = 0; // attributes: none are used
    at = writeVarInt(buf, at, timestampDelta);
    at = writeVarInt(buf, at, offsetDelta);
    at = writeBytes(buf, at, key, lengths[0]!);
    at = writeBytes(buf, at, value, lengths[1]!);
    at = writeVarInt(buf, at, count);
    for (let index = 2; index < listed.length; index += 1) {
      at = writeBytes(buf, at, listed[index], lengths[index]!);
    }

    const record = Object.create(prototype) as Encoder;
    record.buf = buf;
    record.offset = at;
    return record;
  };

/**
 * Adds names and values in turn; a header that is there twice has an array of values.
 *
 * @returns how many headers that makes.
 */
const listHeaders = (headers: RecordParts['headers'] = {}, listed: Bytes[]): number => {
  const before = listed.length;
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (Array.isArray(value)) for (const one of value as Bytes[]) listed.push(name, one);
    else listed.push(name, value as Bytes);
  }
  return (listed.length - before) / 2;
};

/** Signed numbers are written so that small ones of either sign are short: 0, -1, 1, -2, 2 … */
const zigZag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

const sizeOfVarInt = (value: number): number => {
  const bits = zigZag(value);
  if (bits < 0x80) return 1;
  if (bits < 0x4000) return 2;
  if (bits < 0x20_0000) return 3;
  return bits < 0x1000_0000 ? 4 : 5;
};

const writeVarInt = (buf: Buffer, at: number, value: number): number => {
  let rest = zigZag(value);
  while (rest >= 0x80) {
    buf[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buf[at++] = rest;
  return at;
};

/** -1 for what is not there. */
const lengthOf = (bytes: Bytes): number => {
  if (typeof bytes === 'string') return Buffer.byteLength(bytes);
  return bytes ? bytes.length : -1;
};

const writeBytes = (buf: Buffer, at: number, bytes: Bytes, length: number): number => {
  const start = writeVarInt(buf, at, length);
  if (!bytes || length === 0) return start;
  if (typeof bytes === 'string') buf.write(bytes, start, length, 'utf8');
  else bytes.copy(buf, start);
  return start + length;
};

const groupMessagesPerPartition: GroupMessages = ({
  topic,
  partitionMetadata,
  messages,
  partitioner,
}) => {
  const grouped: Record<number, (typeof messages)[number][]> = {};
  if (partitionMetadata.length === 0) return grouped;
  for (const message of messages) {
    const partition = partitioner({ topic, partitionMetadata, message });
    (grouped[partition] ??= []).push(message);
  }
  return grouped;
};

function setDefaultOffset(this: OffsetManager, place: Place): Promise<void> {
  return commitDefaultOffset(this, place);
}

/** Where nothing waits there is nothing to look after: whoever puts something there calls this again. */
function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
  const throttled = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    Math.max(throttled, CHECK_EVERY_MS),
  );
}

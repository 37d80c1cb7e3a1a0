import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  array,
  assert,
  constant,
  constantFrom,
  dictionary,
  integer,
  maxSafeInteger,
  nat,
  oneof,
  property,
  record as recordOf,
  string,
  uint8Array,
} from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Consumer } from 'kafkajs';
import { patchKafkajs } from '#kafka/kafkajs-patch.js';
import type { EncodeRecord, RecordParts } from '#kafka/kafkajs-patch.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka } from './suites.js';
import { asOperator, createTopic, createTopics, produce, uniquePrefix } from './topics.js';
import { until } from './until.js';
import { messages } from '../contracts/members.js';

const require = createRequire(import.meta.url);
const inside = <T>(path: string): T => require(`kafkajs/src/${path}`) as T;

type Message = Readonly<{ key: string; id: number }>;
type Group = (send: {
  topic: string;
  partitionMetadata: readonly object[];
  messages: readonly Message[];
  partitioner: (one: { message: Message }) => number;
}) => Record<string, Message[]>;

type Queue = {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: unknown;
  checkPendingRequests(): void;
  destroy(): void;
};

type Encoder = {
  readonly buffer: Buffer;
  ensureAvailable: unknown;
  writeInt8(value: number): Encoder;
  writeInt64(value: number): Encoder;
  writeString(value: string): Encoder;
  writeBuffer(value: Buffer): Encoder;
  writeEncoderArray(all: unknown[]): Encoder;
};
type EncoderClass = (new (initialSize?: number) => Encoder) & { prototype: Encoder };
type Checksum = (bytes: Buffer) => number;

const stockGrow = inside<EncoderClass>('protocol/encoder.js').prototype.ensureAvailable;
const stockChecksum = inside<Checksum>('protocol/recordBatch/crc32C/index.js');
const stockGroup = inside<Group>('producer/groupMessagesPerPartition.js');
const stock = patchKafkajs(require);
const encode = inside<EncodeRecord>('protocol/recordBatch/record/v0/index.js');
const Encoder = inside<EncoderClass>('protocol/encoder.js');
const checksum = inside<Checksum>('protocol/recordBatch/crc32C/index.js');
const group = inside<Group>('producer/groupMessagesPerPartition.js');

const text = oneof(
  string({ unit: 'binary' }),
  // Halves of characters that are none: kafkajs writes what stands for them.
  string({ unit: nat(0xffff).map((code) => String.fromCharCode(code)) }),
  // Around every length at which the length itself takes a byte more.
  constantFrom(63, 64, 8_191, 8_192).map((length) => 'x'.repeat(length)),
);
const present = oneof(
  text,
  uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
const absent = constantFrom(null, undefined);
const delta = oneof(constant(0), nat(200), nat(0x7fff_ffff));
const parts: Arbitrary<RecordParts> = recordOf(
  {
    key: oneof(absent, present),
    value: oneof(absent, present),
    offsetDelta: delta,
    timestampDelta: oneof(delta, integer(), maxSafeInteger()),
    headers: dictionary(text, oneof(present, array(present, { maxLength: 3 }))),
  },
  { requiredKeys: ['key', 'value'] },
);

describe('the patch of kafkajs', () => {
  it('encodes every record as kafkajs does, byte by byte', () => {
    assert(
      property(parts, (record) => {
        expect(encode(record).buffer.equals(stock(record).buffer)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(encode).not.toBe(stock);
  });

  it('gives what kafkajs puts into a batch', () => {
    const records = ['one', null, 'é'.repeat(300)].map((value) => ({ key: 'k', value }));
    const batchOf = (by: EncodeRecord) => new Encoder().writeEncoderArray(records.map(by)).buffer;
    expect(batchOf(encode).equals(batchOf(stock))).toBe(true);
  });

  it('grows a buffer as kafkajs does, whatever is written to it', () => {
    const written = oneof(
      integer({ min: -128, max: 127 }).map((value) => (to: Encoder) => to.writeInt8(value)),
      maxSafeInteger().map((value) => (to: Encoder) => to.writeInt64(value)),
      text.map((value) => (to: Encoder) => to.writeString(value)),
      uint8Array({ maxLength: 3_000 }).map(
        (value) => (to: Encoder) => to.writeBuffer(Buffer.from(value)),
      ),
    );
    assert(
      property(array(written, { maxLength: 40 }), nat(600), (all, size) => {
        const ours = new Encoder(size);
        const theirs = Object.assign(new Encoder(size), { ensureAvailable: stockGrow });
        for (const write of all) for (const to of [ours, theirs]) write(to);
        expect(ours.buffer.equals(theirs.buffer)).toBe(true);
      }),
    );
    expect(Encoder.prototype.ensureAvailable).not.toBe(stockGrow);
  });

  it('sums up a batch as kafkajs does', () => {
    assert(
      property(uint8Array({ maxLength: 5_000 }), (bytes) => {
        const batch = Buffer.from(bytes);
        expect(checksum(batch)).toBe(stockChecksum(batch));
      }),
      { numRuns: 1_000 },
    );
    expect(checksum).not.toBe(stockChecksum);
  });

  it('groups records by partition as kafkajs does, each partition in its order', () => {
    const keys = array(string({ maxLength: 3 }), { minLength: 20 });
    assert(
      property(keys, integer({ min: 0, max: 5 }), (all, partitions) => {
        const send = {
          topic: 'capture.answers.v1',
          partitionMetadata: Array.from({ length: partitions }, () => ({})),
          messages: all.map((key, id) => ({ key, id })),
          partitioner: ({ message }: { message: Message }) => message.key.length % partitions,
        };
        expect(group(send)).toEqual(stockGroup(send));
      }),
    );
  });

  describe('of the queue of requests', () => {
    const Queue = inside<new (options: object) => Queue>('network/requestQueue/index.js');
    const newQueue = () => new Queue({ logger: { debug: () => undefined } });

    it('sets no timer while nothing waits', () => {
      const queue = newQueue();
      queue.checkPendingRequests();
      expect(queue.throttleCheckTimeoutId).toBeNull();
    });

    it('looks again later where a request has to wait for the broker to be less busy', () => {
      const queue = newQueue();
      queue.throttledUntil = Date.now() + 60_000;
      queue.pending.push({});
      queue.checkPendingRequests();
      expect(queue.throttleCheckTimeoutId).not.toBeNull();
      queue.destroy();
    });
  });

  it('refuses any other release, and says what to do', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kafkajs-'));
    const other = join(folder, 'node_modules', 'kafkajs');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'package.json'), JSON.stringify({ version: '2.2.5' }));
    expect(() => patchKafkajs(createRequire(join(folder, 'ledger.js')))).toThrow(
      /^kafkajs 2\.2\.5 is installed, and libs\/kafka\/src\/kafkajs-patch\.ts is for 2\.2\.4: pin/,
    );
    rmSync(folder, { recursive: true });
  });
});

describeWithKafka('a process that uses kafkajs', () => {
  it.each([
    ['has a copy of its own, which is patched, where somebody loaded it before', 'before', false],
    ['has given the patched one to whoever loads it after', 'after', true],
  ])('%s, and is warned of nothing', async (_, order, isTheirs) => {
    const address = await sharedBroker();
    const topic = `${uniquePrefix()}commands`;
    await createTopics(address, [topic]);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--conditions=ledger-source',
      '--import=./test/runtime/typescript-sources.mjs',
      'test/kafka/patched-process.ts',
      order,
      address,
      topic,
    ]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ isPatched: true, isTheirs, came: ['there and back'] });
  });

  it('keeps what an offset was committed with where the record that comes next is gone', async () => {
    const address = await sharedBroker();
    const [topic, groupId] = [`${uniquePrefix()}commands`, `${uniquePrefix()}group`];
    await createTopic(address, { topic, numPartitions: 1 });
    await produce(address, topic, messages(0, 5));
    const { Kafka, logLevel } = require('kafkajs') as typeof import('kafkajs');
    const client = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
    const consume = async (came: string[]): Promise<Consumer> => {
      const consumer = client.consumer({ groupId, maxWaitTimeInMs: 50 });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ message }) => void came.push(String(message.value)),
      });
      return consumer;
    };
    const came: readonly string[][] = [[], []];
    const first = await consume(came[0]!);
    await until('it has all', () => came[0]!.length === 5);
    await first.commitOffsets([{ topic, partition: 0, offset: '1', metadata: 'a mark' }]);
    await first.disconnect();

    const partitions = [{ partition: 0, offset: '3' }];
    await asOperator(address, async (admin) => {
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions });
    });
    const second = await consume(came[1]!);
    await until('it goes on from the oldest', () => came[1]!.length === 2);
    expect(came[1]).toEqual(['3', '4']);
    await second.disconnect();
    const standing = await asOperator(address, (admin) =>
      admin.fetchOffsets({ groupId, topics: [topic] }),
    );
    expect(standing).toEqual([
      { topic, partitions: [{ partition: 0, offset: '3', metadata: 'a mark' }] },
    ]);
  });
});

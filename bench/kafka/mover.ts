// Our own libs/kafka that moves the records of a ledger, and decides, stores and folds nothing: what the
// ledger costs beyond it is the ledger's own. `node mover.ts BROKER GROUP PREFIX`; it tells on stdout how
// many events it has published.
import { EventEmitter, once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { lastHeader } from '#kafka/headers.js';
import type { KafkaConnection } from '#kafka/kafka-connection.js';
import { KafkajsCommandSource } from '#kafka/kafkajs-command-source.js';
import { KafkajsFencedSink } from '#kafka/kafkajs-fenced-sink.js';
import { KafkajsRecordSink } from '#kafka/kafkajs-record-sink.js';
import type { InboundRecord } from '#kafka/records.js';
import { publisherId, topicNames } from '#kafka/topic-names.js';
import type { PublishedRecord } from '#projections/publication-sink.js';
import { systemClock } from '#runtime/system-clock.js';
import { movedRecords, ofSale } from './moved-records.ts';
import type { Moved } from './moved-records.ts';

/** Events of one transaction, as the ledger has them. */
const EVENTS_MAX = 2_000;

/** A command: the nth of a sale. */
type Place = readonly [sale: string, index: number];

type Orders = Readonly<{ address: string; prefix: string; moved: readonly Moved[] }>;

const clock = systemClock;
const log = (): void => undefined;

const connectionTo = (address: string): KafkaConnection => ({
  brokers: [address],
  clientId: 'mover',
});

const placeOf = ({ headers }: InboundRecord): Place => {
  const [, sale = '', index = ''] = /^cmd-(.+)-(\d+)$/.exec(String(lastHeader(headers, 'ce_id')))!;
  return [sale, Number(index)];
};

const answer = async (): Promise<void> => {
  const [address = '', groupId = '', prefix = ''] = process.argv.slice(2);
  const topics = topicNames(prefix);
  const moved = await movedRecords(topics.answers);
  const orders: Orders = { address, prefix, moved };
  const publishing = new Worker(new URL(import.meta.url), { workerData: orders });
  const observer = {
    consuming: log,
    restarted: log,
    commitRefused: log,
    resent: log,
    fatal: (error: Error): never => {
      throw error;
    },
  };
  const connection = connectionTo(address);
  const sink = new KafkajsRecordSink({ connection, clock, observer, log });
  const topic = topics.commands;
  const source = new KafkajsCommandSource({ connection, topic, groupId, clock, observer, log });
  await source.start(async ({ records }) => {
    const places = records.map(placeOf);
    await sink.publish(places.map(([sale, index]) => ofSale(moved[index]!.answer, sale)));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    publishing.postMessage(places);
  });
  process.once('SIGTERM', () => process.exit(0));
};

/** The last views of each sale among what is published together. */
const recordsFor = (places: readonly Place[], moved: readonly Moved[]): PublishedRecord[] => {
  const events = places.map(([sale, index]) => ofSale(moved[index]!.event, sale));
  const views = new Map<string, PublishedRecord>();
  for (const [sale, index] of places) {
    for (const record of moved[index]!.views)
      views.set(`${record.channel}/${sale}`, ofSale(record, sale));
  }
  return [...events, ...views.values()];
};

const publish = async ({ address, prefix, moved }: Orders): Promise<void> => {
  const sink = new KafkajsFencedSink({
    connection: connectionTo(address),
    clock,
    log,
    shard: 0,
    transactionalId: publisherId(prefix, 0),
    topics: topicNames(prefix),
  });
  await sink.fence();
  const waiting: Place[] = [];
  const came = new EventEmitter();
  parentPort!.on('message', (places: readonly Place[]) => {
    for (const place of places) waiting.push(place);
    came.emit('more');
  });
  for (let published = 0; ;) {
    if (waiting.length === 0) await once(came, 'more');
    const places = waiting.splice(0, EVENTS_MAX);
    published += places.length;
    await sink.publish(recordsFor(places, moved), Buffer.from(String(published)));
    process.stdout.write(`published ${published}\n`);
  }
};

await (isMainThread ? answer() : publish(workerData as Orders));

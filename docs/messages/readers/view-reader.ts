// Keeps the latest state of a view with kafkajs, and prints what changes: a key and its view, or null.
//   KAFKA_BROKERS=localhost:9092 node docs/messages/readers/view-reader.ts [VIEW]
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

type View = Readonly<{ ledger: { epoch: number; viewVersion: number; revision: number } }>;

const brokers = (process.env['KAFKA_BROKERS'] ?? 'localhost:9092').split(',');
const prefix = process.env['LEDGER_KAFKA_TOPIC_PREFIX'] ?? '';
const view = process.argv[2] ?? 'capture';
const views = new Map<string, View>();

// The reader's rule: of a key, the greatest (epoch, viewVersion, revision) is the newest.
const isNewer = ({ ledger: one }: View, { ledger: other }: View): boolean => {
  if (one.epoch !== other.epoch) return one.epoch > other.epoch;
  if (one.viewVersion !== other.viewVersion) return one.viewVersion > other.viewVersion;
  return one.revision > other.revision;
};

const kafka = new Kafka({ clientId: 'view-reader', brokers, logLevel: logLevel.ERROR });
const consumer = kafka.consumer({
  // What it keeps ends with it, so it reads all of the topic: a group of its own, and no commits.
  groupId: `${prefix}example-view-reader-${randomUUID()}`,
  allowAutoTopicCreation: false,
  // kafkajs' default, said because it matters: what was aborted is not read.
  readUncommitted: false,
});
await consumer.connect();
await consumer.subscribe({ topic: `${prefix}capture.views.${view}.v1`, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachMessage: async ({ message }) => {
    const key = String(message.key);
    const now = message.value && (JSON.parse(message.value.toString()) as View);
    const before = views.get(key);
    if (now && before && !isNewer(now, before)) return;
    if (now) views.set(key, now);
    else views.delete(key);
    console.log(JSON.stringify({ key, view: now }));
  },
});

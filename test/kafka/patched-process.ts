// A process of its own, since module caches and warnings are a process's: a record goes to a broker and
// back, kafkajs being loaded by somebody else first or last. Started by kafkajs-patch.spec.ts.
import { createRequire } from 'node:module';
import type { OutRecord } from '#kafka/records.js';

const [order, address, topic] = process.argv.slice(2) as [string, string, string];

const earlier = order === 'before' ? await import('kafkajs') : undefined;
const { Kafka } = await import('#kafka/kafkajs.js');
const { KafkajsRecordSink } = await import('#kafka/kafkajs-record-sink.js');
const { KafkajsCommandSource } = await import('#kafka/kafkajs-command-source.js');
const { systemClock } = await import('#runtime/system-clock.js');
const others = earlier ?? (await import('kafkajs'));

const parts = {
  connection: { brokers: [address], clientId: 'patched' },
  clock: systemClock,
  observer: {
    consuming: () => undefined,
    restarted: () => undefined,
    commitRefused: () => undefined,
    fatal: () => undefined,
    resent: () => undefined,
  },
  log: () => undefined,
};
const sink = new KafkajsRecordSink(parts);
const source = new KafkajsCommandSource({ ...parts, topic, groupId: `${topic}-group` });
const sent: OutRecord = { topic, key: 'k', value: 'there and back', headers: {} };
await sink.publish([sent]);
const came = await new Promise<string[]>((resolve) => {
  void source.start(async ({ records }) => resolve(records.map(({ value }) => String(value))));
});
await source.stop();
await sink.close();

const record = createRequire(import.meta.url)(
  'kafkajs/src/protocol/recordBatch/record/v0/index.js',
) as (...parts: unknown[]) => unknown;
const isPatched = !record.toString().includes('new Encoder');
const isTheirs = others.Kafka === Kafka;
process.stdout.write(JSON.stringify({ isPatched, isTheirs, came }));

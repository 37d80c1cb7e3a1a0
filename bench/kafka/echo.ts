// The baseline of the Kafka rows: what kafkajs does as it comes. A batch per partition: consume, produce
// one record for each, commit. `node echo.ts BROKER GROUP FROM TO PARTITIONS`.
import { Kafka, logLevel, Partitioners } from 'kafkajs';

const [broker = '', groupId = '', from = '', to = '', partitions = ''] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 250 });
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic: from, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: Number(partitions),
  eachBatch: async (payload) => {
    const { batch } = payload;
    const messages = batch.messages.map(({ key, value, headers = {} }) => ({
      key,
      value,
      headers,
    }));
    await producer.send({ topic: to, messages });
    payload.resolveOffset(batch.lastOffset());
    const { topic, partition } = batch;
    const offset = String(BigInt(batch.lastOffset()) + 1n);
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition, offset }] }],
    });
  },
});

// Asks the ledger with Nest's ClientKafka: each answer comes back on a reply topic of the caller's own.
//   KAFKA_BROKERS=localhost:9092 npx node docs/messages/senders/nest.mjs [ORDER]
import { randomUUID } from 'node:crypto';
import { ClientKafka } from '@nestjs/microservices';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { lastValueFrom, timeout } from 'rxjs';

const brokers = (process.env.KAFKA_BROKERS ?? 'localhost:9092').split(',');
const topic = `${process.env.LEDGER_KAFKA_TOPIC_PREFIX ?? ''}capture.commands.v1`;
const order = process.argv[2] ?? randomUUID();
const authorizationId = `auth-${order}`;

// The reply topic is the caller's: with at least as many partitions as the caller has instances.
const admin = new Kafka({ clientId: 'shop', brokers, logLevel: logLevel.ERROR }).admin();
await admin.connect();
if (!(await admin.listTopics()).includes(`${topic}.reply`)) {
  await admin.createTopics({ topics: [{ topic: `${topic}.reply`, numPartitions: 3 }] });
}
await admin.disconnect();

const client = new ClientKafka({
  client: { clientId: 'shop', brokers, logLevel: logLevel.ERROR },
  consumer: { groupId: `${topic}.example-nest` },
  subscribe: { fromBeginning: true },
  producer: { allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner },
});
client.subscribeToResponseOf(topic);
await client.connect();

const ask = (type, commandId, members) => {
  const headers = {
    ce_specversion: '1.0',
    ce_id: commandId,
    ce_type: type,
    ce_source: '/shop/checkout',
    ce_time: new Date().toISOString(),
    'content-type': 'application/json',
  };
  const value = { authorizationId, ...members };
  const answer = client.send(topic, { key: authorizationId, value, headers });
  return lastValueFrom(answer.pipe(timeout(30_000)));
};

const registered = await ask('RegisterAuthorization', `${order}-register`, {
  amount: 12000,
  currency: 'EUR',
  captureMethod: 'manual_multiple',
  connector: 'acme-pay',
});
console.log(JSON.stringify(registered));
const captured = await ask('CreateCapture', `${order}-capture-1`, {
  captureId: `capture-${order}`,
  amount: 7000,
});
console.log(JSON.stringify(captured));
await client.close();

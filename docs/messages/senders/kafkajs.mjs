// Sends two commands with kafkajs and waits for their answers on the answers topic.
//   KAFKA_BROKERS=localhost:9092 npx node docs/messages/senders/kafkajs.mjs [ORDER]
// The same ORDER again sends the same commands again: the answers are the same, and say `repeat`.
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, Partitioners } from 'kafkajs';

const brokers = (process.env.KAFKA_BROKERS ?? 'localhost:9092').split(',');
const prefix = process.env.LEDGER_KAFKA_TOPIC_PREFIX ?? '';
const order = process.argv[2] ?? randomUUID();
const authorizationId = `auth-${order}`;

const commandRecord = (type, commandId, members) => ({
  // The key decides the partition, and so the order: always the authorization id.
  key: authorizationId,
  headers: {
    ce_specversion: '1.0',
    ce_id: commandId,
    ce_type: type,
    ce_source: '/shop/checkout',
    ce_time: new Date().toISOString(),
    'content-type': 'application/json',
  },
  value: JSON.stringify({ authorizationId, ...members }),
});

const records = [
  commandRecord('RegisterAuthorization', `${order}-register`, {
    amount: 12000,
    currency: 'EUR',
    captureMethod: 'manual_multiple',
    connector: 'acme-pay',
  }),
  commandRecord('CreateCapture', `${order}-capture-1`, {
    captureId: `capture-${order}`,
    amount: 7000,
  }),
];

const kafka = new Kafka({ clientId: 'shop', brokers, logLevel: logLevel.ERROR });
const consumer = kafka.consumer({
  groupId: `${prefix}example-kafkajs`,
  allowAutoTopicCreation: false,
  maxWaitTimeInMs: 250,
});
const producer = kafka.producer({
  allowAutoTopicCreation: false,
  createPartitioner: Partitioners.DefaultPartitioner,
});

const answers = new Map();
const answered = Promise.withResolvers();

await consumer.connect();
// A group of its own that begins at the beginning misses no answer, not even of its first command.
await consumer.subscribe({ topics: [`${prefix}capture.answers.v1`], fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    const answer = JSON.parse(message.value.toString());
    if (answer.authorizationId !== authorizationId) return;
    answers.set(answer.commandId, answer);
    const repeat = message.headers['ledger-repeat'] ? '   repeat' : '';
    console.log(message.value.toString() + repeat);
    if (answers.size === records.length) answered.resolve();
  },
});

await producer.connect();
await producer.send({ topic: `${prefix}capture.commands.v1`, messages: records });

const patience = setTimeout(() => {
  answered.reject(new Error('No answer in 30 s. Send the same again: it is decided only once.'));
}, 30_000);
await answered.promise;
clearTimeout(patience);
await producer.disconnect();
await consumer.disconnect();

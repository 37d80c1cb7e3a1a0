// Loaded before a program of the ledger (`node --import`), it sends that process a signal at a named point of
// the Nth transaction in which it publishes: STOP_IN_PUBLICATION="before-commit 3 SIGKILL". It says so on
// stdout before.
import { writeSync } from 'node:fs';
import type { Kafka as KafkaClient, Producer } from 'kafkajs';

/** Views are kept and not published; all is sent and not committed; all is committed and nobody told. */
export type PublicationPoint = 'before-send' | 'before-commit' | 'after-commit';

const [point, count, signal] = (process.env['STOP_IN_PUBLICATION'] ?? '').split(' ');
let left = Number(count);

const reached = (here: PublicationPoint): void => {
  if (here !== point) return;
  left -= 1;
  if (left !== 0) return;
  writeSync(1, `stopped ${here}\n`);
  process.kill(process.pid, signal);
};

// As the ledger loads it, with its patch.
const built = new URL('../../dist/libs/kafka/src/kafkajs.js', import.meta.url);
const { Kafka } = (await import(built.href)) as { Kafka: typeof KafkaClient };

// oxlint-disable-next-line typescript/unbound-method -- it is called with the client that it is of
const { producer } = Kafka.prototype;

Kafka.prototype.producer = function disturbedProducer(this: KafkaClient, ...options): Producer {
  const made = producer.apply(this, options);
  return {
    ...made,
    transaction: async () => {
      const transaction = await made.transaction();
      return {
        ...transaction,
        sendBatch: async (batch) => {
          reached('before-send');
          return transaction.sendBatch(batch);
        },
        commit: async () => {
          reached('before-commit');
          await transaction.commit();
          reached('after-commit');
        },
      };
    },
  };
};

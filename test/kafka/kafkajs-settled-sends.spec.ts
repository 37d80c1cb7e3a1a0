import { createRequire } from 'node:module';
import { settledSends } from '#kafka/kafkajs-settled-sends.js';
import type { MakeSender } from '#kafka/kafkajs-settled-sends.js';

const require = createRequire(import.meta.url);
/** kafkajs' own, without the patch. */
const stock = require('kafkajs/src/producer/sendMessages.js') as MakeSender;
const createRetry = require('kafkajs/src/retry/index.js') as (options: object) => never;

type Topic = Readonly<{ partitions: readonly Readonly<{ partition: number }>[] }>;
type Request = Readonly<{ topicData: readonly Topic[] }>;

/** kafkajs asks again: its own error for what may be better the next time. */
const retriable = Object.assign(new Error('not the leader any more'), {
  name: 'KafkaJSProtocolError',
  retriable: true,
});

/** Two brokers, one partition each: the first refuses its share once, the second takes its time. */
class TwoBrokers {
  readonly asked: string[] = [];
  readonly slow = Promise.withResolvers<void>();
  readonly refused = Promise.withResolvers<void>();

  readonly cluster = {
    refreshMetadataIfNecessary: async () => undefined,
    refreshMetadata: async () => undefined,
    addMultipleTargetTopics: async () => undefined,
    isConnected: () => true,
    findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }],
    findLeaderForPartitions: () => ({ 1: [0], 2: [1] }),
    findBroker: async ({ nodeId }: { nodeId: string }) => this.#brokers[Number(nodeId) - 1],
  };

  readonly #brokers = [1, 2].map((id) => ({
    nodeId: id,
    produce: async ({ topicData }: Request) => {
      this.asked.push(`broker ${id}`);
      const isFirst = this.asked.filter((one) => one === `broker ${id}`).length === 1;
      if (id === 1 && isFirst) {
        this.refused.resolve();
        throw retriable;
      }
      if (id === 2 && isFirst) await this.slow.promise;
      const partitions = topicData
        .flatMap((topic) => topic.partitions)
        .map(({ partition }) => ({ partition, errorCode: 0, baseOffset: '0' }));
      return { topics: [{ topicName: 'events', partitions }] };
    },
  }));
}

const send = (make: MakeSender, brokers: TwoBrokers): Promise<unknown> => {
  const parts = {
    logger: { debug: () => undefined, error: () => undefined },
    cluster: brokers.cluster,
    partitioner: ({ message }: { message: { partition: number } }) => message.partition,
    eosManager: {
      acquireBrokerLock: async () => undefined,
      releaseBrokerLock: async () => undefined,
      isTransactional: () => false,
      getSequence: () => 0,
      updateSequence: () => undefined,
      getProducerId: () => 1,
      getProducerEpoch: () => 0,
    },
    retrier: createRetry({ initialRetryTime: 1, retries: 5 }),
  };
  const messages = [0, 1].map((partition) => ({ key: 'k', value: 'v', partition }));
  return make(parts)({ acks: -1, topicMessages: [{ topic: 'events', messages }] });
};

/** Long enough for as many tries as there are. */
const manyTurns = async (): Promise<void> => {
  const over = Date.now() + 20;
  while (Date.now() < over) await new Promise((resolve) => setImmediate(resolve));
};

describe('a send to two brokers of which one refuses', () => {
  it('is tried again when the other has answered, and the other is not asked again', async () => {
    const brokers = new TwoBrokers();
    const sent = send(settledSends(stock), brokers);
    await brokers.refused.promise;
    await manyTurns();
    expect(brokers.asked).toEqual(['broker 1', 'broker 2']);
    brokers.slow.resolve();
    await expect(sent).resolves.toHaveLength(2);
    expect(brokers.asked).toEqual(['broker 1', 'broker 2', 'broker 1']);
  });

  it('is the reason for the patch: kafkajs asks the other again while it is at it', async () => {
    const brokers = new TwoBrokers();
    const sent = send(stock, brokers);
    await brokers.refused.promise;
    await manyTurns();
    brokers.slow.resolve();
    await sent;
    expect(brokers.asked.filter((one) => one === 'broker 2')).toHaveLength(2);
  });
});

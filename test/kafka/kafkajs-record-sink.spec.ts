import { KafkajsRecordSink } from '#kafka/kafkajs-record-sink.js';
import { systemClock } from '#runtime/system-clock.js';
import { itKeepsTheRecordSinkContract } from '../contracts/record-sink.contract.js';
import { Heard } from './heard.js';

describe('the sink for our own topics, on kafkajs', () => {
  itKeepsTheRecordSinkContract(
    (brokers) =>
      new KafkajsRecordSink({
        connection: { brokers, clientId: 'test' },
        clock: systemClock,
        observer: new Heard().observer,
        log: () => undefined,
      }),
  );
});

import { KafkajsCopySink } from '#kafka/kafkajs-copy-sink.js';
import type { Clock } from '#runtime/clock.js';
import { systemClock } from '#runtime/system-clock.js';
import { itKeepsTheCopySinkContract } from '../contracts/copy-sink.contract.js';
import { Heard } from './heard.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka } from './suites.js';
import { createTopics, readAll, uniquePrefix } from './topics.js';

const openSink = (address: string, heard: Heard, clock: Clock): KafkajsCopySink =>
  new KafkajsCopySink({
    connection: { brokers: [address], clientId: 'test' },
    clock,
    observer: heard.observer,
    log: () => undefined,
  });

describe("the sink for callers' topics, on kafkajs", () => {
  itKeepsTheCopySinkContract((address, heard) => openSink(address, heard, systemClock));

  describeWithKafka('a topic that could not be written to', () => {
    it('is left alone for some seconds, whatever a sender names, and then tried again', async () => {
      const address = await sharedBroker();
      const topic = `${uniquePrefix()}late.reply`;
      const heard = new Heard();
      let ahead = 0;
      const sink = openSink(address, heard, { ...systemClock, now: () => Date.now() + ahead });
      const copy = (value: string) => sink.copy([{ topic, key: 'k', value, headers: {} }], 20_000);
      await copy('too early');
      await createTopics(address, [topic]);
      await copy('not asked for');
      expect(heard.copiesFailed).toHaveLength(2);
      ahead = 5_000;
      await copy('in time');
      expect(heard.copiesFailed).toHaveLength(2);
      expect((await readAll(address, topic)).map(({ value }) => String(value))).toEqual([
        'in time',
      ]);
      await sink.close();
    });
  });
});

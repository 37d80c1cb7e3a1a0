import { topicNames } from '#kafka/topic-names.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka, describeWithOwnKafka } from '../kafka/suites.js';
import { PARTITIONS, produce, readAll, readUntil, uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { cleanUp, startLedgerProgram } from '../journeys/program.js';
import { classPath, fetchJars, jarsAreThere } from '../../tools/kafka/jars.ts';
import { installedJava } from '../../tools/kafka/java.ts';
import { expectConforming, flawsOf } from './conformance.js';
import { headerTexts, objectIn } from './seen-record.js';
import type { SeenRecord } from './seen-record.js';
import { runSender } from './sender-program.js';

const SENDERS = 'docs/messages/senders';
const topicPrefix = uniquePrefix();
const topics = topicNames(topicPrefix);
const replies = `${topics.commands}.reply`;

const isOf = (order: string) => (record: SeenRecord) =>
  record.key?.toString().endsWith(`auth-${order}`) ?? false;

/** Of which command an answer is, its type, and whether it was given before. */
const toldBy = (answer: SeenRecord) => {
  const { ce_type: type, 'ledger-repeat': repeat } = headerTexts(answer);
  return [objectIn(answer)?.['commandId'], type, repeat === 'true'];
};

describeWithKafka('The senders of docs/messages, with the ledger as it is shipped', () => {
  let brokers: string;

  beforeAll(async () => {
    brokers = await sharedBroker();
    const { url } = await startLedgerProgram({
      KAFKA_BROKERS: brokers,
      LEDGER_KAFKA_TOPIC_PREFIX: topicPrefix,
      LEDGER_KAFKA_PARTITIONS: `${PARTITIONS}`,
    });
    const ready = () => fetch(`${url}/health/ready/kafka`);
    await until('the ledger takes commands from Kafka', async () => (await ready()).ok);
  });
  afterAll(cleanUp);

  /** Runs a sender so many times: what is on the topics then is as docs/messages says. */
  const expectAnswers = async (
    order: string,
    times: number,
    [command, ...args]: readonly [string, ...string[]],
  ): Promise<readonly SeenRecord[]> => {
    for (let time = 1; time <= times; time += 1) {
      const said = await runSender(command, [...args, order], { brokers, topicPrefix });
      expect(said.match(/"outcome":"accepted"/g)).toHaveLength(2);
    }
    const commands = (await readAll(brokers, topics.commands)).filter(isOf(order));
    expect(commands).toHaveLength(2 * times);
    for (const sent of commands) expectConforming(sent);
    const answers = (await readAll(brokers, topics.answers)).filter(isOf(order));
    for (const answer of answers) expectConforming(answer);
    expect(answers.map(toldBy)).toEqual(
      Array.from({ length: times }, (_, time) => [
        [`${order}-register`, 'CommandAccepted', time > 0],
        [`${order}-capture-1`, 'CommandAccepted', time > 0],
      ]).flat(),
    );
    return answers;
  };

  it('kafkajs: both commands are answered, and with the same bytes when they are sent again', async () => {
    const program = [process.execPath, `${SENDERS}/kafkajs.mjs`] as const;
    const [registered, captured, ...again] = await expectAnswers('kafkajs-1', 2, program);
    expect(again.map(({ value }) => value)).toEqual([registered?.value, captured?.value]);
  });

  it('Nest: lastValueFrom gives the answers, copies of those on the answers topic', async () => {
    const program = [process.execPath, `${SENDERS}/nest.mjs`] as const;
    const answers = await expectAnswers('nest-1', 2, program);
    const copies = (await readAll(brokers, replies)).filter(isOf('nest-1'));
    for (const copy of copies) expectConforming(copy);
    expect(copies.map(({ value }) => value)).toEqual(answers.map(({ value }) => value));
  });

  describeWithOwnKafka('where there is Java', () => {
    it('Java: both commands are answered', async () => {
      if (!jarsAreThere()) await fetchJars(new AbortController().signal);
      const java = await installedJava();
      const quickly = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', classPath()];
      const program = [java!.command, ...quickly, `${SENDERS}/CaptureSender.java`] as const;
      await expectAnswers('java-1', 1, program);
    });
  });

  it('what is no command is answered and kept as docs/messages says', async () => {
    const structured = { 'content-type': 'application/cloudevents+json' };
    const event = { specversion: '1.0', id: 'wrong-1', type: 'CreateCapture', source: '/shop' };
    const wrong = [
      { key: 'auth-wrong', value: 'no JSON', headers: { ce_id: 'wrong-0' } },
      { key: 'auth-wrong', value: JSON.stringify({ ...event, data: 1 }), headers: structured },
      { key: 'auth-wrong', value: '{"type":"CreateCapture","commandId":"wrong-2","amount":0}' },
      { key: 'auth-wrong', value: '{"type":"CreateCapture","pan":"4111 1111 1111 1111"}' },
      { key: null, value: '{"type":"VoidAuthorization","commandId":"wrong-3"}' },
    ];
    for (const record of wrong) {
      expect(flawsOf({ topic: topics.commands, ...record })).not.toEqual([]);
    }
    await produce(brokers, topics.commands, wrong);
    const letters = await readUntil(
      brokers,
      topics.deadLetters,
      ({ length }) => length >= wrong.length,
    );
    for (const letter of letters) expectConforming(letter);
    const answers = (await readAll(brokers, topics.answers)).filter(
      (answer) => objectIn(answer)?.['outcome'] === 'invalid',
    );
    expect(answers).toHaveLength(wrong.length);
    for (const answer of answers) expectConforming(answer);
    expect(letters.filter(({ value }) => value === null)).toHaveLength(1);
  });
});

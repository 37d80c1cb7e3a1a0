import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { createTopics, produce, readAll, readUntil, uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import type { ChildLedger } from './child-ledger.js';
import { startKafkaLedger } from './kafka-ledger.js';
import { closeLoads, inTurns, KafkaLoad, messageOf } from './kafka-load.js';
import { logIn } from '../event-store/log-in.js';
import { decidedIn, expectSoundLog } from './log-proof.js';
import { cleanUp, temporaryFolder } from './program.js';
import { commandsOf } from './sent-command.js';
import type { SentCommand } from './sent-command.js';

afterEach(async () => {
  await closeLoads();
  await cleanUp();
});

const registration = (authorizationId: string): SentCommand => ({
  authorizationId,
  commandId: `${authorizationId}.register`,
  type: 'RegisterAuthorization',
  body: '{"amount":12000,"currency":"EUR","captureMethod":"manual_multiple","connector":"test"}',
});

const capture = (authorizationId: string, commandId: string, amount: number): SentCommand => ({
  authorizationId,
  commandId,
  type: 'CreateCapture',
  body: JSON.stringify({ amount, metadata: { order: commandId } }),
});

describeWithKafka('a ledger on Kafka', () => {
  let address: string;
  let prefix: string;
  let folder: string;

  beforeEach(async () => {
    address = await sharedBroker();
    prefix = uniquePrefix();
    folder = temporaryFolder();
  });

  const start = (): Promise<ChildLedger> => startKafkaLedger(folder, address, prefix);

  const opened = async (commands: readonly SentCommand[]): Promise<KafkaLoad> => {
    const load = new KafkaLoad(address, prefix, commands);
    await load.open();
    return load;
  };

  it('decides a command once that is sent fifty times by several senders, before and after restarts', async () => {
    const commands = [registration('a'), capture('a', 'a.1', 7_000), capture('a', 'a.2', 7_000)];
    let ledger = await start();
    const load = await opened(commands);
    await load.send(commands);
    await load.answered();
    for (let life = 0; life < 3; life += 1) {
      const copies = Array.from({ length: 17 }, () => commands.map(messageOf));
      const heard = load.moreAnswers(17 * commands.length);
      await Promise.all(copies.map((copy) => produce(address, commandsTopic(), copy)));
      await heard;
      await ledger.program.stop();
      ledger = await start();
    }
    const heard = load.moreAnswers(1);
    await load.write([messageOf(capture('b', 'b.1', 1)), messageOf(capture('a', 'a.1', 1))]);
    await heard;
    await until('both are answered', async () => (await answers()).length === 3 + 153 + 2);

    const reused = (await answers()).filter((answer) => answer.includes('command_id_reused'));
    expect(reused).toHaveLength(1);
    const ofFirst = (await answers()).filter((answer) => answer.includes('"a.1"'));
    expect(new Set(ofFirst).size).toBe(2);
    const decided = decidedIn(await logIn(folder));
    expect(decided.toSorted()).toEqual(['a.1', 'a.2', 'a.register', 'b.1']);
  });

  it('keeps the order of every authorization while a second one joins and leaves under load', async () => {
    const commands = commandsOf(71, { authorizations: 12, each: 40 });
    await start();
    const load = await opened(commands);
    const sent = load.send(inTurns(commands));
    for (let times = 0; times < 2; times += 1) {
      const second = await start();
      await second.program.stop();
    }
    await sent;
    await load.answered();

    const log = await logIn(folder);
    expectSoundLog(log, load);
    for (const [authorizationId, life] of Map.groupBy(commands, (one) => one.authorizationId)) {
      const decided = decidedIn(
        log.filter(({ stream }) => stream === `authorization-default/${authorizationId}`),
      );
      expect(decided).toEqual(life.map(({ commandId }) => commandId));
    }
  });

  it('answers on its own topic whatever becomes of the copy that a caller wanted', async () => {
    const commands = Array.from({ length: 6 }, (_, number) => registration(`r-${number}`));
    await start();
    await createTopics(address, [`${prefix}shop.reply`]);
    const load = await opened(commands);
    const wishes = [
      { kafka_replyTopic: `${prefix}nobody.reply` },
      { kafka_replyTopic: `${prefix}shop.reply`, kafka_replyPartition: '999999' },
      { kafka_replyTopic: `${prefix}shop.reply`, kafka_replyPartition: '-1' },
      { kafka_replyTopic: `${prefix}shop.reply`, kafka_replyPartition: 'x' },
      { kafka_replyTopic: `${prefix}capture.answers.v1` },
      { kafka_replyTopic: `${prefix}shop.reply`, kafka_replyPartition: Buffer.from([0, 0, 0, 2]) },
    ];
    const messages = commands.map((command, index) => {
      const message = messageOf(command);
      return { ...message, headers: { ...message.headers, ...wishes[index] } };
    });
    await load.write(messages);
    await load.answered();
    const [copy, ...others] = await readUntil(
      address,
      `${prefix}shop.reply`,
      (copies) => copies.length > 0,
    );
    expect(others).toEqual([]);
    expect([copy?.partition, String(copy?.value)]).toEqual([
      2,
      load.acknowledged.get('r-5.register')?.body,
    ]);
    expect(await answers()).toHaveLength(commands.length);
  });

  const commandsTopic = (): string => `${prefix}capture.commands.v1`;

  const answers = async (): Promise<readonly string[]> =>
    (await readAll(address, `${prefix}capture.answers.v1`)).map(({ value }) => String(value));
});

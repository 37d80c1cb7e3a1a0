import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ownBroker } from '../kafka/own-broker.js';
import { describeWithOwnKafka } from '../kafka/suites.js';
import { createTopics, deleteTopic, produce, readAll } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { startLedger } from './child-ledger.js';
import { consumes, onKafka, readyOf, SESSION_TIMEOUT, startKafkaLedger } from './kafka-ledger.js';
import { closeLoads, KafkaLoad, messageOf } from './kafka-load.js';
import { logIn } from '../event-store/log-in.js';
import { expectSoundLog } from './log-proof.js';
import { cleanUp, temporaryFolder } from './program.js';
import { commandsOf } from './sent-command.js';

afterEach(async () => {
  await closeLoads();
  await cleanUp();
});

const PREFIX = 'trouble.';

/** The status of a registration over HTTP. */
const registered = async (url: string): Promise<number> => {
  const { status } = await fetch(new URL('/v1/commands/RegisterAuthorization', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'over-http' },
    body: '{"authorizationId":"h","amount":1,"currency":"EUR","captureMethod":"manual","connector":"t"}',
  });
  return status;
};

describeWithOwnKafka('a ledger on Kafka', () => {
  it('starts without a broker, serves HTTP, and joins when the broker comes', async () => {
    const broker = await ownBroker();
    await broker.stop();
    const folder = temporaryFolder();
    const { url, program } = await startLedger(folder, onKafka(broker.address, PREFIX));
    await until('it says so', async () => (await readyOf(url, 'kafka')) === 503);
    const whole = await fetch(new URL('/health/ready', url));
    expect([whole.status, await whole.json()]).toMatchObject([200, { status: 'degraded' }]);
    await expect(registered(url)).resolves.toBe(201);

    await broker.start();
    await consumes({ url });
    const commands = commandsOf(91, { authorizations: 2, each: 10 });
    const load = new KafkaLoad(broker.address, PREFIX, commands);
    await load.open();
    await load.send(commands);
    await load.answered();
    await program.stop();
  });

  it('goes on where it was when the broker has been away under load for two sessions', async () => {
    const broker = await ownBroker();
    const folder = temporaryFolder();
    const { url } = await startKafkaLedger(folder, broker.address, PREFIX);
    const load = new KafkaLoad(
      broker.address,
      PREFIX,
      commandsOf(92, { authorizations: 10, each: 30 }),
    );
    await load.open();
    const half = load.commands.slice(0, 150);
    const heard = load.moreAnswers(40);
    await load.send(half);
    await heard;
    await broker.kill();
    await until(
      'it says that the broker is away',
      async () => (await readyOf(url, 'kafka')) === 503,
    );
    const away = Date.now() + 2 * SESSION_TIMEOUT;
    await until('two sessions have passed', () => Date.now() > away);
    expect((await fetch(new URL('/health/ready', url))).status).toBe(200);
    await broker.start();
    await consumes({ url });
    await load.send(load.commands);
    await load.answered();
    expectSoundLog(await logIn(folder), load);
  });

  it('stops in order while the broker is away, with events that it has not published', async () => {
    const broker = await ownBroker();
    const { url, program } = await startKafkaLedger(temporaryFolder(), broker.address, PREFIX);
    await until('it publishes', async () => (await readyOf(url, 'publisher')) === 200);
    await broker.kill();
    await expect(registered(url)).resolves.toBe(201);
    await until('it says so', async () => (await readyOf(url, 'publisher')) === 503);
    await program.stop();
  });

  it('stops in order while the broker hangs, with a group of commands under way', async () => {
    const broker = await ownBroker();
    const { url, program } = await startKafkaLedger(temporaryFolder(), broker.address, PREFIX);
    await until('it publishes', async () => (await readyOf(url, 'publisher')) === 200);
    const load = new KafkaLoad(
      broker.address,
      PREFIX,
      commandsOf(95, { authorizations: 10, each: 200 }),
    );
    await load.open();
    const heard = load.moreAnswers(40);
    await load.send(load.commands);
    await heard;
    await broker.freeze();
    await expect(program.stop()).resolves.toBeUndefined();
    await broker.thaw();
  });

  it('says which topic takes no answers, and answers when it does', async () => {
    const broker = await ownBroker();
    const { url } = await startKafkaLedger(temporaryFolder(), broker.address, PREFIX);
    const answers = `${PREFIX}capture.answers.v1`;
    await deleteTopic(broker.address, answers);
    const [command] = commandsOf(94, { authorizations: 1, each: 1 });
    await produce(broker.address, `${PREFIX}capture.commands.v1`, [messageOf(command!)]);
    await until('it is red', async () => (await readyOf(url, 'kafka')) === 503);
    const said = await (await fetch(new URL('/health/ready/kafka', url))).text();
    expect(said).toContain(`not acknowledged by ${answers}`);

    await createTopics(broker.address, [answers]);
    await until('it is green', async () => (await readyOf(url, 'kafka')) === 200);
    expect(await readAll(broker.address, answers)).toHaveLength(1);
  });

  it('holds its commands while the store is away for two sessions, and dead-letters none', async () => {
    const broker = await ownBroker();
    const folder = temporaryFolder();
    const { url } = await startKafkaLedger(folder, broker.address, PREFIX);
    const load = new KafkaLoad(
      broker.address,
      PREFIX,
      commandsOf(93, { authorizations: 10, each: 20 }),
    );
    await load.open();

    // Another process that holds the store's write lock: nobody else can append.
    const holder = new DatabaseSync(join(folder, 'events.db'));
    holder.exec('BEGIN IMMEDIATE');
    await load.send(load.commands);
    await until('it is not ready', async () => (await readyOf(url, 'store')) === 503);
    const away = Date.now() + 2 * SESSION_TIMEOUT;
    await until('two sessions have passed', () => Date.now() > away);
    expect(load.answers).toBe(0);
    expect(await readyOf(url, 'store')).toBe(503);
    expect(await readyOf(url, 'kafka')).toBe(200);
    holder.exec('ROLLBACK');
    holder.close();

    await load.answered();
    await until('it is ready again', async () => (await readyOf(url, 'store')) === 200);
    expectSoundLog(await logIn(folder), load);
    expect(await readAll(broker.address, `${PREFIX}capture.commands.v1.dead-letter`)).toEqual([]);
  });
});

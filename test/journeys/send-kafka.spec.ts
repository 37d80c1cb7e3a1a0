import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { readAll, uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { expectConforming } from '../messages/conformance.js';
import { onKafka, startKafkaLedger } from './kafka-ledger.js';
import { logIn } from '../event-store/log-in.js';
import { decidedIn } from './log-proof.js';
import { cleanUp, Program, temporaryFolder } from './program.js';
import { tallyOf } from './sent.js';

afterEach(cleanUp);

const register = (authorizationId: string, said: object = {}): string =>
  JSON.stringify({
    type: 'RegisterAuthorization',
    commandId: `${authorizationId}.register`,
    authorizationId,
    amount: 12_000,
    currency: 'EUR',
    captureMethod: 'manual_multiple',
    connector: 'test',
    ...said,
  });

const capture = (authorizationId: string, commandId: string, amount: number): string =>
  JSON.stringify({ type: 'CreateCapture', commandId, authorizationId, amount });

const LINES = [
  register('a'),
  capture('a', 'a.1', 7_000),
  capture('a', 'a.1', 7_000),
  capture('a', 'a.2', 7_000),
  capture('b', 'b.1', 1),
  register('c', { colour: 'red' }),
  'no JSON',
];

describeWithKafka('npm run send -- --kafka', () => {
  it('sends each line as a record, hears its answer, and counts as over HTTP', async () => {
    const address = await sharedBroker();
    const prefix = uniquePrefix();
    const folder = temporaryFolder();
    await startKafkaLedger(folder, address, prefix);
    const file = join(temporaryFolder(), 'commands.ndjson');
    writeFileSync(file, `${LINES.join('\n')}\n`);
    const environment = onKafka(address, prefix);
    const send = new Program('send/main.js', [file, '--kafka', '--merchant', 'shop'], environment);
    await expect(send.ended()).resolves.toBe(0);
    expect(tallyOf(send).lines).toEqual({
      accepted: 3,
      'rejected amount_exceeds_capturable': 1,
      'rejected authorization_unknown': 1,
      'invalid invalid_command': 1,
      'not sent not_json': 1,
    });
    const log = await logIn(folder);
    expect(new Set(log.map(({ stream }) => stream))).toEqual(
      new Set(['authorization-shop/a', 'authorization-shop/b']),
    );
    expect(decidedIn(log)).toHaveLength(4);
    const records = await readAll(address, `${prefix}capture.commands.v1`);
    expect(records.map(({ key }) => String(key)).toSorted()).toEqual([
      'a',
      'a',
      'a',
      'a',
      'b',
      'c',
    ]);
    for (const record of records) if (String(record.key) !== 'c') expectConforming(record);
  });

  it('asks whether there is a ledger where no answer comes, and goes on waiting', async () => {
    const address = await sharedBroker();
    const prefix = uniquePrefix();
    await new Program('cli.js', ['topics', '--create'], onKafka(address, prefix)).ended();
    const file = join(temporaryFolder(), 'commands.ndjson');
    writeFileSync(file, `${LINES.join('\n')}\n`);
    const send = new Program('send/main.js', [file, '--kafka'], onKafka(address, prefix));
    const question = `is a ledger taking commands from ${prefix}capture.commands.v1 at ${address}?`;
    await send.says(/no answer for 15 s: /, 'stderr');
    expect(send.stderr).toContain(`no answer for 15 s: ${question}\n`);
    await send.says(/no answer for 30 s: /, 'stderr');
    await startKafkaLedger(temporaryFolder(), address, prefix);
    await expect(send.ended()).resolves.toBe(0);
  });

  it('goes on where the ledger was killed, and one comes back', async () => {
    const address = await sharedBroker();
    const prefix = uniquePrefix();
    const folder = temporaryFolder();
    const ledger = await startKafkaLedger(folder, address, prefix);
    const file = join(temporaryFolder(), 'commands.ndjson');
    const many = Array.from({ length: 20_000 }, (_, index) =>
      index < 40 ? register(`k${index}`) : capture(`k${index % 40}`, `k${index % 40}.${index}`, 1),
    );
    writeFileSync(file, `${many.join('\n')}\n`);
    const send = new Program('send/main.js', [file, '--kafka'], onKafka(address, prefix));
    await until('some are decided', async () => (await logIn(folder)).length > 100);
    ledger.program.kill('SIGKILL');
    await ledger.program.ended();
    await startKafkaLedger(folder, address, prefix);
    await expect(send.ended()).resolves.toBe(0);
    expect(new Set(decidedIn(await logIn(folder))).size).toBe(many.length);
  });

  it('says in a line that there is no Kafka, or none configured', async () => {
    const file = join(temporaryFolder(), 'commands.ndjson');
    writeFileSync(file, `${LINES.join('\n')}\n`);
    const unconfigured = new Program('send/main.js', [file, '--kafka']);
    await expect(unconfigured.ended()).resolves.toBe(2);
    expect(unconfigured.stderr).toContain('no brokers are configured');
    const away = new Program('send/main.js', [file, '--kafka'], { KAFKA_BROKERS: '127.0.0.1:1' });
    await expect(away.ended()).resolves.toBe(3);
    expect(away.stderr).toMatch(/Cannot use Kafka at 127\.0\.0\.1:1 \(/);
  });
});

import type { Message } from 'kafkajs';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { createTopics, produce, readAll, uniquePrefix } from '../kafka/topics.js';
import { expectConforming } from '../messages/conformance.js';
import { onKafka, startKafkaLedger } from './kafka-ledger.js';
import { closeLoads, KafkaLoad, messageOf } from './kafka-load.js';
import { logIn } from '../event-store/log-in.js';
import { cleanUp, Program, temporaryFolder } from './program.js';
import type { SentCommand } from './sent-command.js';
import { silentBroker } from './silent-broker.js';

afterEach(async () => {
  await closeLoads();
  await cleanUp();
});

const registration = (authorizationId: string): SentCommand => ({
  authorizationId,
  commandId: `${authorizationId}.register`,
  type: 'RegisterAuthorization',
  body: '{"amount":12000,"currency":"EUR","captureMethod":"manual","connector":"test"}',
});

const good = messageOf(registration('good'));
const sent = good.headers as Record<string, string>;
const CARD = '4111111111111111';

/** All that can be wrong with a record; all of it under one key, so in one partition. */
const poisons: readonly Message[] = [
  { ...good, value: '{"amount":' },
  { ...good, value: Buffer.from([0xff, 0xfe]) },
  { ...good, value: null },
  { ...good, value: '[]' },
  { ...good, value: '{"__proto__":{"amount":1}}' },
  { ...good, value: '{"authorizationId":"another"}' },
  { ...good, value: '{"amount":12000,"colour":"red"}' },
  { ...good, headers: { ce_type: 'CreateCapture' } },
  { ...good, headers: { ...sent, ce_id: ['one', 'two'] } },
  { ...good, headers: { ...sent, ce_type: 'constructor' } },
  { ...good, headers: { ...sent, ce_specversion: '0.3' } },
  { ...good, headers: { ...sent, 'content-type': 'application/cloudevents+json' } },
  { ...good, value: JSON.stringify({ reference: 'x'.repeat(128 * 1024) }) },
  { ...good, value: JSON.stringify({ reference: CARD }) },
];

describeWithKafka('poison on the topic of commands', () => {
  it('is answered and kept, holds up nothing, and is replayed once it can be decided', async () => {
    const address = await sharedBroker();
    const prefix = uniquePrefix();
    const folder = temporaryFolder();
    const ledger = await startKafkaLedger(folder, address, prefix);
    const load = new KafkaLoad(address, prefix, [registration('good')]);
    await load.open();
    const heard = load.moreAnswers(poisons.length + 2);
    await load.write([...poisons, { ...good, key: null }, good]);
    await heard;

    const letters = await readAll(address, `${prefix}capture.commands.v1.dead-letter`);
    expect(letters).toHaveLength(poisons.length + 1);
    for (const letter of letters) expectConforming(letter);
    for (const answer of await readAll(address, `${prefix}capture.answers.v1`))
      expectConforming(answer);
    const kept = letters.map(({ value }) => value?.toString('latin1'));
    for (const { value } of poisons.slice(0, -1)) {
      expect(kept).toContain(value?.toString('latin1'));
    }
    expect(
      JSON.stringify(
        letters.map(({ key, value, headers }) => [
          String(key),
          String(value),
          [...headers].map(([name, values]) => [name, values.map(String)]),
        ]),
      ),
    ).not.toContain(CARD);
    expect(await logIn(folder)).toMatchObject([{ type: 'AuthorizationRegistered' }]);
    expect(ledger.program.stderr).toBe('');

    const cli = async (...args: readonly string[]): Promise<Program> => {
      const program = new Program('cli.js', ['dead-letters', ...args], onKafka(address, prefix));
      await program.ended();
      return program;
    };
    const list = await cli('list');
    expect(list.stdout).toContain(`invalid ${letters.length}`);
    const [place] = /^\d+\/\d+/m.exec(list.stdout) ?? [];
    const shown = await cli('show', String(place));
    expect(shown.stdout).toContain('reason: invalid');
    await expect((await cli('show', '99/99')).ended()).resolves.toBe(2);
    expect((await cli('list', '--reason', 'stream_unusable')).stdout).toBe(
      'There are no dead letters.\n',
    );

    const again = load.moreAnswers(letters.length - 1);
    const replay = await cli('replay', '--reason', 'invalid');
    expect(replay.stdout).toContain(`${letters.length - 1} sent again; 1 not`);
    await again;
    const afterwards = await readAll(address, `${prefix}capture.commands.v1.dead-letter`);
    expect(afterwards).toHaveLength(2 * letters.length - 1);
    const ids = (one: typeof letters): readonly string[] =>
      one
        .map(({ headers, value }) => `${String(headers.get('ce_id'))} ${String(value)}`)
        .toSorted();
    expect(new Set(ids(afterwards))).toEqual(new Set(ids(letters)));

    const onceMore = load.moreAnswers(letters.length - 1);
    const second = await cli('replay', '--reason', 'invalid');
    expect(second.stdout).toBe(
      `${letters.length - 1} sent again; 1 not: nothing that their senders wrote is kept\n`,
    );
    await onceMore;
    const pile = await readAll(address, `${prefix}capture.commands.v1.dead-letter`);
    expect(pile).toHaveLength(3 * letters.length - 2);
  });

  it('is not replayed again where it was mended, but when told so', async () => {
    const address = await sharedBroker();
    const prefix = uniquePrefix();
    await startKafkaLedger(temporaryFolder(), address, prefix);
    const load = new KafkaLoad(address, prefix, [registration('good')]);
    await load.open();
    const headers = { ...sent, 'ledger-reason': 'internal_error' };
    await produce(address, `${prefix}capture.commands.v1.dead-letter`, [{ ...good, headers }]);
    const replay = async (...args: readonly string[]): Promise<string> => {
      const program = new Program(
        'cli.js',
        ['dead-letters', 'replay', '--reason', 'internal_error', ...args],
        onKafka(address, prefix),
      );
      await program.ended();
      return program.stdout;
    };
    expect(await replay()).toBe('1 sent again\n');
    await load.answered();
    expect(await replay()).toBe(
      '0 sent again; 1 was sent by earlier replays: --again sends them once more\n',
    );
    expect(await replay('--again')).toBe('1 sent again\n');
  });
});

describeWithKafka('a replay of dead letters that is stopped', () => {
  it('says how far it came, and the next one goes on there', async () => {
    const address = await sharedBroker();
    const prefix = uniquePrefix();
    const topic = `${prefix}capture.commands.v1.dead-letter`;
    await createTopics(address, [topic, `${prefix}capture.commands.v1`]);
    const headers = { ...sent, 'ledger-reason': 'internal_error' };
    const value = 'x'.repeat(2_048);
    const letters = Array.from({ length: 5_000 }, (_, index) => ({
      ...good,
      value,
      headers: { ...headers, ce_id: `letter-${index}` },
    }));
    for (let from = 0; from < letters.length; from += 250)
      await produce(address, topic, letters.slice(from, from + 250));
    expect(await readAll(address, topic)).toHaveLength(letters.length);
    const replay = (): Program =>
      new Program(
        'cli.js',
        ['dead-letters', 'replay', '--reason', 'internal_error'],
        onKafka(address, prefix),
      );

    const first = replay();
    await first.says(/sent again/, 'stderr');
    first.kill('SIGINT');
    await expect(first.ended()).resolves.toBe(1);
    const [, count] = /^Stopped; so far: (\d+) sent again$/m.exec(first.stderr) ?? [];
    const second = replay();
    await expect(second.ended()).resolves.toBe(0);
    expect(second.stdout).toBe(
      `${5_000 - Number(count)} sent again; ${count} were sent by earlier replays: --again sends them once more\n`,
    );
  });
});

describe('a reading of dead letters that is stopped', () => {
  it.each<[readonly string[], string]>([
    [['list'], 'Stopped; so far: none\n'],
    [['show', '0/0'], 'Stopped; it was not found so far.\n'],
  ])('is no result: %j', async (args, said) => {
    const broker = await silentBroker();
    const program = new Program('cli.js', ['dead-letters', ...args], {
      KAFKA_BROKERS: broker.address,
    });
    await broker.asked;
    program.kill('SIGINT');
    await program.says(/\n/, 'stderr');
    broker.close();
    await expect(program.ended()).resolves.toBe(1);
    expect([program.stdout, program.stderr]).toEqual(['', said]);
  });
});

describe('a reason that there is not', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['to be listed', ['list', '--reason', 'nope'], /nope.* invalid, stream_unusable/],
    ['to be replayed', ['replay', '--reason', 'nope'], /nope.* invalid, stream_unusable/],
    ['and none is named', ['replay'], /--reason/],
  ])('is an error: %s', async (_, args, said) => {
    const program = new Program('cli.js', ['dead-letters', ...args]);
    await expect(program.ended()).resolves.toBe(2);
    expect(program.stderr).toMatch(said);
  });
});

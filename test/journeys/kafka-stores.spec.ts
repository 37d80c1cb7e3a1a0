import { join } from 'node:path';
import type { InboundRecord } from '#kafka/records.js';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { readAll, uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { backUp, restore } from './backups.js';
import { startLedger } from './child-ledger.js';
import type { ChildLedger } from './child-ledger.js';
import { onKafka, startKafkaLedger } from './kafka-ledger.js';
import { closeLoads, KafkaLoad } from './kafka-load.js';
import { logIn } from '../event-store/log-in.js';
import { expectSoundLog } from './log-proof.js';
import {
  allIsPublished,
  expectEachEventOnce,
  expectSoundPublication,
  expectViewsOf,
} from './publication-proof.js';
import { cleanUp, Program, temporaryFolder } from './program.js';
import { commandsOf } from './sent-command.js';

afterEach(async () => {
  await closeLoads();
  await cleanUp();
});

const HALTED =
  /^halted: the commands of the group \S+ were taken by store \w+ in epoch \d .* this is store \w+ .* LEDGER_STORE .* adopt/;

const expectHalted = async ({ url }: ChildLedger): Promise<void> => {
  let health: unknown;
  await until('it has halted', async () => {
    const response = await fetch(new URL('/health/ready/kafka', url));
    health = await response.json();
    return response.status === 503 && JSON.stringify(health).includes('halted');
  });
  expect(health).toMatchObject({ status: 'down', detail: expect.stringMatching(HALTED) });
};

const isOfSecondEpoch = ({ headers }: InboundRecord): boolean =>
  headers.get('ce_ledgerepoch')?.[0]?.toString() === '2';

describeWithKafka('a ledger on a store that is not the one whose ledgers take the commands', () => {
  let address: string;
  let prefix: string;
  /** Of the store whose ledgers take the commands, and of another one. */
  let [folder, wrong]: readonly string[] = [];
  let ledger: ChildLedger;
  let load: KafkaLoad;

  /** A ledger that has answered half of the commands. */
  beforeEach(async () => {
    address = await sharedBroker();
    prefix = uniquePrefix();
    [folder, wrong] = [temporaryFolder(), temporaryFolder()];
    ledger = await startKafkaLedger(folder, address, prefix);
    load = new KafkaLoad(address, prefix, commandsOf(111, { authorizations: 6, each: 20 }));
    await load.open();
    const heard = load.moreAnswers(60);
    await load.send(load.commands.slice(0, 60));
    await heard;
  });

  const startWrong = async (): Promise<ChildLedger> => {
    const other = await startLedger(wrong!, onKafka(address, prefix));
    await expectHalted(other);
    return other;
  };

  const adopt = (): Program =>
    new Program('cli.js', ['adopt'], { LEDGER_STORE: wrong!, ...onKafka(address, prefix) });

  it('takes none beside them, and says so', async () => {
    const other = await startWrong();
    const whole = await fetch(new URL('/health/ready', other.url));
    expect([whole.status, await whole.json()]).toMatchObject([200, { status: 'degraded' }]);
    const { type, commandId, body } = load.commands[0]!;
    const refused = await fetch(new URL(`/v1/commands/${type}`, other.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': commandId },
      body,
    });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      code: 'store_unavailable',
      detail: expect.stringContaining('decided on another store'),
    });
    await load.send(load.commands);
    await load.answered();
    await expectHalted(other);
    const log = await logIn(folder!);
    expectSoundLog(log, load);
    expect(await logIn(wrong!)).toEqual([]);
    await expectSoundPublication(address, prefix, log);
  });

  it('takes none after them, so that what is sent again is not done again', async () => {
    await ledger.program.stop();
    const other = await startWrong();
    await load.send(load.commands);
    await expectHalted(other);
    expect(load.answers).toBe(60);

    await startKafkaLedger(folder!, address, prefix);
    await load.answered();
    await expectHalted(other);
    expectSoundLog(await logIn(folder!), load);
    expect(await logIn(wrong!)).toEqual([]);
  });

  const expectRefused = async (because: string): Promise<void> => {
    const { stderr, ended } = await adopted();
    expect(ended).toBe(3);
    expect(stderr).toMatch(new RegExp(`^Cannot let \\S+ take the commands \\(${because}`));
  };

  const adopted = async () => {
    const program = adopt();
    const ended = await program.ended();
    return { ended, stdout: program.stdout, stderr: program.stderr };
  };

  it('takes them when it is told that they are its own, and the other does not any more', async () => {
    await allIsPublished(address, prefix, await logIn(folder!));
    const other = await startWrong();
    await expectRefused('ledgers at \\S+ are members of the group ');
    await ledger.program.stop();
    await expectRefused('another process has the store open');
    await other.program.stop();
    const { ended, stdout } = await adopted();
    expect(ended).toBe(0);
    expect(stdout).toMatch(/^Store \w+ in epoch 2 takes the commands of the group /);
    await expectHalted(await startLedger(folder!, onKafka(address, prefix)));

    // Readers have more of the first authorization than this store will, and others that it will not have.
    await startKafkaLedger(wrong!, address, prefix);
    await load.send([...load.commands.slice(0, 3), ...load.commands.slice(60)]);
    await load.answered();
    const log = await logIn(wrong!);
    await allIsPublished(address, prefix, log, 2);
    await expectViewsOf(address, prefix, log, 2);
    const events = await readAll(address, `${prefix}capture.events.v1`);
    expectEachEventOnce(events.filter(isOfSecondEpoch), log);
    const back = new Program('cli.js', ['publish', '--from', 'start'], {
      LEDGER_STORE: folder!,
      ...onKafka(address, prefix),
    });
    await expect(back.ended()).resolves.toBe(2);
    expect(back.stderr).toContain('(epoch 2 is published, and this store is in epoch 1)');
  });

  it('is not one that is restored from a backup of it, elsewhere', async () => {
    const file = join(temporaryFolder(), 'backup.db');
    await expect(backUp(folder!, file).ended()).resolves.toBe(0);
    await ledger.program.stop();
    await expect(restore(wrong!, file).ended()).resolves.toBe(0);
    await startKafkaLedger(wrong!, address, prefix);
    await load.send(load.commands);
    await load.answered();
    expectSoundLog(await logIn(wrong!), load);
    await expectHalted(await startLedger(folder!, onKafka(address, prefix)));
  });
});

import { join } from 'node:path';
import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { uniquePrefix } from '../kafka/topics.js';
import { until } from '../kafka/until.js';
import { backUp, restore } from './backups.js';
import { startLedger } from './child-ledger.js';
import type { ChildLedger } from './child-ledger.js';
import { consumes, onKafka, startKafkaLedger } from './kafka-ledger.js';
import { closeLoads, KafkaLoad } from './kafka-load.js';
import { logIn } from '../event-store/log-in.js';
import { expectSoundLog } from './log-proof.js';
import { expectSoundPublication } from './publication-proof.js';
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

const end = async ({ program }: ChildLedger): Promise<void> => {
  program.kill('SIGTERM');
  await expect(program.ended()).resolves.toBe(0);
};

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
    await load.send(load.commands);
    await load.answered();
    await expectHalted(other);
    const log = await logIn(folder!);
    expectSoundLog(log, load);
    expect(await logIn(wrong!)).toEqual([]);
    await expectSoundPublication(address, prefix, log);
  });

  it('takes none after them, so that what is sent again is not done again', async () => {
    await end(ledger);
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

  it('takes them when it is told that they are its own, and the other does not any more', async () => {
    const other = await startWrong();
    const early = adopt();
    await expect(early.ended()).resolves.toBe(3);
    expect(early.stderr).toMatch(
      /^Cannot let \S+ take the commands \(ledgers at \S+ are members of the group /,
    );
    await end(ledger);
    const told = adopt();
    await expect(told.ended()).resolves.toBe(0);
    expect(told.stdout).toMatch(/^Store \w+ in epoch 1 takes the commands of the group /);
    await consumes(other);
    await expectHalted(await startLedger(folder!, onKafka(address, prefix)));
    await load.send(load.commands.slice(60));
    await load.answered();
    expect(await logIn(wrong!)).not.toEqual([]);
  });

  it('is not one that is restored from a backup of it, elsewhere', async () => {
    const file = join(temporaryFolder(), 'backup.db');
    await expect(backUp(folder!, file).ended()).resolves.toBe(0);
    await end(ledger);
    await expect(restore(wrong!, file).ended()).resolves.toBe(0);
    await startKafkaLedger(wrong!, address, prefix);
    await load.send(load.commands);
    await load.answered();
    expectSoundLog(await logIn(wrong!), load);
    await expectHalted(await startLedger(folder!, onKafka(address, prefix)));
  });
});

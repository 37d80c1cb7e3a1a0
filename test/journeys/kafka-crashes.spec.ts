import { sharedBroker } from '../kafka/shared-broker.js';
import { describeWithKafka } from '../kafka/suites.js';
import { readAll, uniquePrefix } from '../kafka/topics.js';
import { lastWordOf, startDisturbedLedger } from './child-ledger.js';
import type { Point } from './disturbed-ledger.js';
import { consumes, onKafka, startKafkaLedger } from './kafka-ledger.js';
import { closeLoads, inTurns, KafkaLoad } from './kafka-load.js';
import { logIn } from '../event-store/log-in.js';
import { decidedIn, expectSoundLog } from './log-proof.js';
import { cleanUp, temporaryFolder } from './program.js';
import { commandsOf } from './sent-command.js';
import { expectSoundViews } from './views-proof.js';

afterEach(async () => {
  await closeLoads();
  await cleanUp();
});

describeWithKafka('a ledger on Kafka under load', () => {
  let address: string;
  let prefix: string;
  let folder: string;
  let load: KafkaLoad;

  beforeEach(async () => {
    address = await sharedBroker();
    prefix = uniquePrefix();
    folder = temporaryFolder();
  });

  /** The topics are made by a ledger, which then makes room for others. */
  const begin = async (seed: number): Promise<void> => {
    const commands = inTurns(commandsOf(seed, { authorizations: 10, each: 40 }));
    const { program } = await startKafkaLedger(folder, address, prefix);
    await program.stop();
    load = new KafkaLoad(address, prefix, commands);
    await load.open();
  };

  const expectAllIsRight = async (url: string): Promise<void> => {
    await load.answered();
    const log = await logIn(folder);
    expectSoundLog(log, load);
    await expectSoundViews(url, folder, log);
    expect(await readAll(address, `${prefix}capture.commands.v1.dead-letter`)).toEqual([]);
  };

  it.each<[string, Point, number]>([
    ['before an append', 'before-append', 12],
    ['after an append, before the answers', 'after-append', 12],
    ['after the answers, before the offsets', 'after-publish', 2],
    ['when a group is worked off and not committed', 'before-commit', 2],
  ])('that is killed %s loses nothing and does nothing twice', async (_sentence, point, count) => {
    await begin(81);
    const disturbed = await startDisturbedLedger(folder, point, count, onKafka(address, prefix));
    // In two parts: a slow ledger would find all of them in one group, and be there only once.
    const half = load.commands.length / 2;
    const heard = load.moreAnswers(1);
    await load.send(load.commands.slice(0, half));
    await Promise.race([heard, disturbed.program.ended()]);
    const sent = load.send(load.commands.slice(half));
    await expect(disturbed.program.ended()).resolves.toBe('SIGKILL');
    expect(lastWordOf(disturbed).killedAt).toBe(point);
    const decided = new Set(decidedIn(await logIn(folder)));
    const lost = [...load.acknowledged.keys()].filter((commandId) => !decided.has(commandId));
    expect(lost).toEqual([]);

    const { url } = await startKafkaLedger(folder, address, prefix);
    await sent;
    await expectAllIsRight(url);
  });

  it('that is told to stop commits what it has answered, and the next one goes on behind it', async () => {
    await begin(82);
    for (let life = 0; life < 2; life += 1) {
      const { program } = await startKafkaLedger(folder, address, prefix);
      const heard = load.moreAnswers(60);
      await load.send(load.unanswered.slice(0, 120));
      await heard;
      await program.stop();
      expect(program.stderr).toBe('');
    }
    const { url } = await startKafkaLedger(folder, address, prefix);
    await load.send(load.unanswered);
    await expectAllIsRight(url);
  });

  it('that is stopped for longer than its session, and wakes, does nothing twice', async () => {
    await begin(83);
    const zombie = await startKafkaLedger(folder, address, prefix);
    const sent = load.send(load.commands);
    await load.moreAnswers(40);
    zombie.program.kill('SIGSTOP');
    const other = await startKafkaLedger(folder, address, prefix);
    await load.answered();
    zombie.program.kill('SIGCONT');
    await sent;
    await consumes(zombie);
    await load.send(load.commands.slice(0, 100));
    await expectAllIsRight(other.url);
  });
});

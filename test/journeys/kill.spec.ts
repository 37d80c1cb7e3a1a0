import { jest } from '@jest/globals';
import { Random } from '../simulation/random.js';
import { killedInViews, lastWordOf, startDisturbedLedger, startLedger } from './child-ledger.js';
import type { ChildLedger } from './child-ledger.js';
import type { Point } from './disturbed-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { decidedIn, expectSoundLog } from './log-proof.js';
import { cleanUp, temporaryFolder } from './program.js';
import { commandsOf, queuesOf } from './sent-command.js';
import { expectSoundViews, rowsIn, viewsOf } from './views-proof.js';

// Whole programs are started and ended, many times.
jest.setTimeout(180_000);

afterEach(cleanUp);

const AUTHORIZATIONS = 10;
const SENDERS_OF_EACH = 3;

let folder: string;
let random: Random;
let load: Load;

const begin = (seed: number): void => {
  folder = temporaryFolder();
  random = new Random(seed);
  load = new Load(commandsOf(seed, { authorizations: AUTHORIZATIONS, each: 50 }));
};

/** One life under load, from which it does not come back. */
const sendUntilDeath = async ({ program, url }: ChildLedger, onAnswer?: () => void) => {
  await load.send(url, queuesOf(load.unanswered, SENDERS_OF_EACH, random), onAnswer);
  await expect(program.ended()).resolves.toBe('SIGKILL');
};

/** All commands are sent again, also those that were never answered; then everything must be right. */
const expectAllIsRight = async (): Promise<void> => {
  const ledger = await startLedger(folder);
  await load.send(ledger.url, queuesOf(load.commands, SENDERS_OF_EACH, random));
  const log = await logIn(folder);
  expectSoundLog(log, load);
  await expectSoundViews(ledger.url, folder, log);
};

describe('a ledger that is killed under load', () => {
  it.each<[string, Point]>([
    ['before an append decides its commands when they are sent again', 'before-append'],
    ['after an append, before the answers, has decided its commands', 'after-append'],
    ['after an answer has decided its command', 'after-answer'],
  ])('%s', async (_sentence, point) => {
    begin(11);
    for (const count of [20, 45]) {
      const ledger = await startDisturbedLedger(folder, point, count);
      await sendUntilDeath(ledger);
      const { killedAt, commandIds } = lastWordOf(ledger);
      expect(killedAt).toBe(point);
      const decided = new Set(decidedIn(await logIn(folder)));
      const lost = [...load.acknowledged.keys()].filter((commandId) => !decided.has(commandId));
      expect(lost).toEqual([]);
      for (const commandId of commandIds) {
        expect(decided.has(commandId)).toBe(point !== 'before-append');
        expect(load.acknowledged.has(commandId)).toBe(point === 'after-answer');
      }
    }
    await expectAllIsRight();
  });

  it('with rows and checkpoint of its views written and not committed, projects them again', async () => {
    begin(12);
    for (const transaction of [10, 11]) {
      const where = `commit views.db ${transaction}`;
      await sendUntilDeath(await startLedger(folder, killedInViews(where)));
      const log = await logIn(folder);
      const { checkpoint } = rowsIn(viewsOf(folder));
      const [[, position]] = checkpoint as [[one: number, position: number]];
      expect(position).toBeLessThan(log.length);
    }
    await expectAllIsRight();
  });

  it('ten times at random loses nothing and does nothing twice', async () => {
    begin(13);
    for (const answers of Array.from({ length: 10 }, () => random.whole(15, 60))) {
      const ledger = await startLedger(folder);
      let left = answers;
      await sendUntilDeath(ledger, () => {
        left -= 1;
        if (left === 0) ledger.program.kill('SIGKILL');
      });
    }
    await expectAllIsRight();
  });
});

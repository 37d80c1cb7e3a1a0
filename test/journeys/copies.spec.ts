import { Random } from '../simulation/random.js';
import { startLedger } from './child-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { expectSoundLog } from './log-proof.js';
import { cleanUp, temporaryFolder } from './program.js';
import { commandsOf } from './sent-command.js';
import type { SentCommand } from './sent-command.js';
import { expectSoundViews } from './views-proof.js';

afterEach(cleanUp);

const SENDERS = 100;
const COPIES = 50;
const AUTHORIZATIONS = 5;
const COMMANDS_OF_EACH = 20;

/**
 * Who sends which copies: one stage of the authorizations' lives after another, and within a stage the
 * copies of its commands shuffled among all senders.
 */
const sendersOf = (commands: readonly SentCommand[], random: Random): readonly SentCommand[][] => {
  const senders: SentCommand[][] = Array.from({ length: SENDERS }, () => []);
  const copies = Array.from({ length: COMMANDS_OF_EACH }, (_, stage) =>
    commands
      .filter((_command, index) => index % COMMANDS_OF_EACH === stage)
      .flatMap((command) => Array.from({ length: COPIES }, () => command))
      .map((command) => ({ command, rank: random.fraction() }))
      .toSorted((one, other) => one.rank - other.rank)
      .map(({ command }) => command),
  ).flat();
  for (const [index, copy] of copies.entries()) senders[index % SENDERS]!.push(copy);
  return senders;
};

describe('100 senders who send 50 copies of each command', () => {
  it('all get the same answer, of one decision', async () => {
    const folder = temporaryFolder();
    const each = COMMANDS_OF_EACH;
    const load = new Load(commandsOf(51, { authorizations: AUTHORIZATIONS, each }));
    const { url } = await startLedger(folder);
    let answers = 0;
    await load.send(url, sendersOf(load.commands, new Random(51)), () => (answers += 1));
    expect(answers).toBe(AUTHORIZATIONS * COMMANDS_OF_EACH * COPIES);
    const log = await logIn(folder);
    expectSoundLog(log, load);
    await expectSoundViews(url, folder, log);
  });
});

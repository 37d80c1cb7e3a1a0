import { Random } from '../simulation/random.js';
import { startLedger } from './child-ledger.js';
import type { ChildLedger } from './child-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { expectSoundLog } from './log-proof.js';
import { cleanUp, temporaryFolder } from './program.js';
import { commandsOf, queuesOf } from './sent-command.js';
import { expectSoundViews } from './views-proof.js';

afterEach(cleanUp);

const readinessOf = async ({ url }: ChildLedger): Promise<unknown> => {
  const response = await fetch(`${url}/health/ready`);
  expect(response.status).toBe(200);
  return response.json();
};

describe('two ledgers on one folder', () => {
  it('decide each command once, whichever is asked, and one of them keeps the views', async () => {
    const folder = temporaryFolder();
    const random = new Random(31);
    const load = new Load(commandsOf(31, { authorizations: 6, each: 40 }));
    const one = await startLedger(folder);
    const other = await startLedger(folder);
    expect(await readinessOf(one)).toMatchObject({
      status: 'up',
      parts: { projector: { status: 'up' } },
    });
    expect(await readinessOf(other)).toMatchObject({
      status: 'degraded',
      parts: {
        projector: { status: 'degraded', detail: 'waiting: another process keeps the views' },
      },
    });

    const sendTo = ({ url }: ChildLedger) => load.send(url, queuesOf(load.commands, 2, random));
    await Promise.all([sendTo(one), sendTo(other)]);
    const log = await logIn(folder);
    expectSoundLog(log, load);
    await expectSoundViews(one.url, folder, log);
    await expectSoundViews(other.url, folder, log);
  });

  it('go on as one when the one that keeps the views is killed', async () => {
    const folder = temporaryFolder();
    const random = new Random(32);
    const load = new Load(commandsOf(32, { authorizations: 6, each: 40 }));
    const one = await startLedger(folder);
    const other = await startLedger(folder);
    let left = 100;
    await Promise.all([
      load.send(one.url, queuesOf(load.commands, 2, random), () => {
        left -= 1;
        if (left === 0) one.program.kill('SIGKILL');
      }),
      load.send(other.url, queuesOf(load.commands, 2, random)),
    ]);
    await expect(one.program.ended()).resolves.toBe('SIGKILL');

    const log = await logIn(folder);
    expectSoundLog(log, load);
    await expectSoundViews(other.url, folder, log);
    expect(await readinessOf(other)).toMatchObject({ status: 'up' });
  });
});

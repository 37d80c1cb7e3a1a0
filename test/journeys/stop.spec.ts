import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import { Random } from '../simulation/random.js';
import { startLedger } from './child-ledger.js';
import { Load } from './load.js';
import { logIn } from '../event-store/log-in.js';
import { decidedIn, expectSoundLog } from './log-proof.js';
import { cleanUp, Program, temporaryFolder } from './program.js';
import { commandsOf, queuesOf } from './sent-command.js';
import { silentBroker } from './silent-broker.js';
import { expectSoundViews } from './views-proof.js';

afterEach(cleanUp);

describe('a ledger that is told to stop', () => {
  it('under load answers what it has taken, and nothing that it has answered is lost', async () => {
    const folder = temporaryFolder();
    const random = new Random(41);
    const load = new Load(commandsOf(41, { authorizations: 10, each: 50 }));
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { program, url } = await startLedger(folder);
      let left = 100;
      await load.send(url, queuesOf(load.unanswered, 3, random), () => {
        left -= 1;
        if (left === 0) program.kill(signal);
      });
      await expect(program.ended()).resolves.toBe(0);
      expect(program.stderr).toBe('');
      expect(left).toBeLessThanOrEqual(0);
      expect(load.unanswered).not.toEqual([]);
      expect(load.torn).toBe(0);
      // Every command was either answered or never taken, so that none was decided unheard.
      const acknowledged = [...load.acknowledged.keys()];
      expect(decidedIn(await logIn(folder)).toSorted()).toEqual(acknowledged.toSorted());
    }

    const { url } = await startLedger(folder);
    await load.send(url, queuesOf(load.commands, 3, random));
    const log = await logIn(folder);
    expectSoundLog(log, load);
    await expectSoundViews(url, folder, log);
  });

  it('twice, does not wait for a request that never becomes whole', async () => {
    const { program, url } = await startLedger(temporaryFolder());
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    // A whole request and the beginning of another: when the first is answered, the second is there.
    socket.write(`GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n${HALF_A_COMMAND}`);
    await once(socket, 'data');
    const ended = new AbortController();
    void program.ended().then(() => ended.abort());
    while (!ended.signal.aborted) {
      program.kill('SIGTERM');
      await passed(20);
    }
    await expect(program.ended()).resolves.toBe(1);
    expect(program.stderr).toContain('told again to stop');
  });

  it('while it starts, with a broker that says nothing, closes what it has opened', async () => {
    const broker = await silentBroker();
    const program = new Program('main.js', [], {
      LEDGER_STORE: temporaryFolder(),
      LEDGER_HTTP_PORT: '0',
      KAFKA_BROKERS: broker.address,
    });
    // It listens, and waits for the broker.
    await broker.asked;
    await expect(program.stop()).resolves.toBeUndefined();
    broker.close();
    const log = program.stderr.trim().split('\n');
    expect(log.find((line) => line.includes('"stopping"'))).toContain(
      '"open":["store","views","decisions","http","kafka"]',
    );
    expect(log.at(-1)).toContain('"stopped"');
    expect(program.stdout).toBe('');
  });
});

const HALF_A_COMMAND = [
  'POST /v1/commands/CreateCapture HTTP/1.1',
  'host: localhost',
  'content-type: application/json',
  'idempotency-key: half',
  'content-length: 100',
  '',
  '{"authorizationId":',
].join('\r\n');

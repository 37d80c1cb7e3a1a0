import 'reflect-metadata';
import { jest } from '@jest/globals';
import { StoreUnavailable } from '#event-store/event-store.js';
import type {
  RunningLedger,
  startLedger as StartLedger,
} from '../../apps/capture-ledger/src/ledger.js';
import { withAppend } from '../commands/store-with-faults.js';
import { registration } from '../commands/submitted.js';
import { removeTemporaryFolders, temporaryFolder } from '../event-store/temporary-folder.js';

// The built one: it has a thread, which plain Node loads.
const built = '../../dist/apps/capture-ledger/src/ledger.js';
const { startLedger } = (await import(built)) as { startLedger: typeof StartLedger };

const FULL = 'the disk is full';

/** Milliseconds for which an append that was not made says that the store is away. */
const TROUBLE_LASTS = 5_000;

/** The ledger's clock is the machine's, which nobody waits for here. */
const itIs = (time: number): void => void jest.spyOn(Date, 'now').mockImplementation(() => time);

describe('A ledger whose store was away', () => {
  let ledger: RunningLedger;
  let isFull: boolean;
  let commands = 0;

  beforeEach(async () => {
    isFull = true;
    ledger = await startLedger({
      environment: {
        LEDGER_STORE: temporaryFolder(),
        LEDGER_HTTP_PORT: '0',
        LEDGER_LOG_LEVEL: 'silent',
      },
      aroundStore: (store) =>
        withAppend(store, (append, ...args) =>
          isFull ? Promise.reject(new StoreUnavailable('full', FULL)) : append(...args),
        ),
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await ledger.stop();
    removeTemporaryFolders();
  });

  const ready = async () => {
    const response = await fetch(`${ledger.url}/health/ready`);
    const { parts } = (await response.json()) as { parts: { store: { detail?: string } } };
    return [response.status, parts.store] as const;
  };

  const send = () => {
    commands += 1;
    const sent = { ...registration, commandId: 'register', authorizationId: `auth-${commands}` };
    return ledger.gateway.receive({ body: JSON.stringify(sent) });
  };

  it('is ready again when some time has passed, although nobody dares to send it anything', async () => {
    expect(await ready()).toEqual([200, expect.objectContaining({ status: 'up' })]);
    const at = Date.now();
    itIs(at);
    await expect(send()).rejects.toThrow(FULL);
    for (const time of [at, at + TROUBLE_LASTS - 1]) {
      itIs(time);
      expect(await ready()).toEqual([503, { status: 'down', detail: FULL }]);
    }
    itIs(at + TROUBLE_LASTS);
    expect(await ready()).toEqual([200, expect.objectContaining({ status: 'up' })]);
  });

  it('stays unready for as long as commands find it away', async () => {
    const at = Date.now();
    for (let tries = 1; tries <= 3; tries += 1) {
      itIs(at + tries * TROUBLE_LASTS);
      expect((await ready())[0]).toBe(200);
      await expect(send()).rejects.toThrow(FULL);
      expect((await ready())[0]).toBe(503);
    }
  });

  it('is ready at once when an append is made', async () => {
    await expect(send()).rejects.toThrow(FULL);
    expect((await ready())[0]).toBe(503);
    isFull = false;
    expect((await send()).answer.outcome).toBe('accepted');
    expect(await ready()).toEqual([
      200,
      { status: 'up', detail: expect.stringMatching(/^position 1, write-ahead log \d+ bytes$/) },
    ]);
  });
});

import { Decisions } from '#commands/decisions.js';
import { StoreBroken, StoreUnavailable, WrongExpectedRevision } from '#event-store/event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { removeTemporaryFolders, temporaryFolder } from '../event-store/temporary-folder.js';
import { quiet } from './quiet-observer.js';
import { withAppend } from './store-with-faults.js';
import { capture, registration, submitted } from './submitted.js';

const away = new StoreUnavailable('full', 'the disk is full');

const decisionsOn = (on: EventStore) => new Decisions(on, systemClock, quiet);

describe('While the store is away, the commands of one authorization', () => {
  let store: EventStore;
  let authorizations = 0;
  let id: string;

  beforeAll(async () => {
    store = await openSqliteEventStore({ folder: temporaryFolder(), clock: systemClock });
  });
  afterAll(async () => {
    await store.close();
    removeTemporaryFolders();
  });
  beforeEach(async () => {
    authorizations += 1;
    id = `auth-${authorizations}`;
    await decisionsOn(store).submit(submitted(id, 'register', registration));
  });

  /** All of the authorization's commands, in their order: the first is under way when the others come. */
  const inTwoTurns = async (decisions: Decisions) => {
    const commands = [1, 2, 3].map((n) => submitted(id, `c${n}`, capture(`cap-${n}`, 6_000)));
    const first = decisions.submit(commands[0]!);
    // It may be given back before anybody waits for all of them.
    first.catch(() => undefined);
    await new Promise(setImmediate);
    const others = commands.slice(1).map((command) => decisions.submit(command));
    return Promise.allSettled([first, ...others]);
  };

  it('are given back together: the ones behind do not overtake the one that failed', async () => {
    let refused = 0;
    const full = withAppend(store, async (append, ...args) => {
      // Only once: whoever were decided behind would be decided by a store that is back.
      if (refused > 0) return append(...args);
      refused += 1;
      await systemClock.wait(5);
      throw away;
    });
    const decisions = decisionsOn(full);
    const results = await inTwoTurns(decisions);
    expect(results).toEqual(
      Array.from({ length: 3 }, () => ({ status: 'rejected', reason: away })),
    );
    expect(await store.readStream(`authorization-default/${id}`)).toHaveLength(1);

    const again = await inTwoTurns(decisions);
    expect(
      again.map((result) => result.status === 'fulfilled' && result.value.answer),
    ).toMatchObject([
      { outcome: 'accepted', captureId: 'cap-1' },
      { outcome: 'rejected', reason: 'amount_exceeds_capturable' },
      { outcome: 'rejected', reason: 'amount_exceeds_capturable' },
    ]);
  });

  it('are given back together also where other writers were always first', async () => {
    const contended = withAppend(store, async (_append, name, _events, revision) => {
      throw new WrongExpectedRevision(name, revision, revision + 1);
    });
    const results = await inTwoTurns(decisionsOn(contended));
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
    }
  });

  it('are given back together where the store is broken, and the process ends', async () => {
    const broken = new StoreBroken('fsync failed');
    const results = await inTwoTurns(
      decisionsOn(
        withAppend(store, async () => {
          await systemClock.wait(5);
          throw broken;
        }),
      ),
    );
    expect(results).toEqual(
      Array.from({ length: 3 }, () => ({ status: 'rejected', reason: broken })),
    );
  });

  it('are no other authorization’s trouble', async () => {
    const other = `${id}-other`;
    const partly = withAppend(store, async (append, name, ...args) => {
      if (name.endsWith(other)) return append(name, ...args);
      throw away;
    });
    const decisions = decisionsOn(partly);
    const refused = decisions.submit(submitted(id, 'c1', capture('cap-1', 1)));
    const accepted = decisions.submit(submitted(other, 'register', registration));
    await expect(refused).rejects.toBe(away);
    expect((await accepted).answer.outcome).toBe('accepted');
  });

  it('leave nothing that a stop would wait for', async () => {
    const decisions = decisionsOn(withAppend(store, () => Promise.reject(away)));
    await inTwoTurns(decisions);
    await expect(decisions.close()).resolves.toBeUndefined();
  });
});

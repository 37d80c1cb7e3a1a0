import { join } from 'node:path';
import { NO_STREAM } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { openForAppends } from '#event-store/sqlite-schema.js';
import { systemClock } from '#runtime/system-clock.js';
import type { Clock } from '#runtime/clock.js';
import { itKeepsTheEventStoreContract } from '../contracts/event-store.contract.js';
import { newEvents } from '../contracts/new-events.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

describe('The SQLite event store', () => {
  afterAll(removeTemporaryFolders);

  itKeepsTheEventStoreContract(() =>
    openSqliteEventStore({ folder: temporaryFolder(), clock: systemClock }),
  );

  it('tells its own subscriptions of an append at once, not when the clock says so', async () => {
    const timeless: Clock = {
      ...systemClock,
      wait: (_, signal) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () => resolve());
        }),
    };
    const store = await openSqliteEventStore({ folder: temporaryFolder(), clock: timeless });
    const enough = new AbortController();
    const heard: number[] = [];
    for (let appended = 0; appended < 3; appended += 1)
      setImmediate(() => void store.append(`stream-${appended}`, newEvents(1), NO_STREAM));
    for await (const page of store.subscribe(0, enough.signal)) {
      heard.push(...page.map(({ position }) => position));
      if (heard.length === 3) enough.abort();
    }
    expect(heard).toEqual([1, 2, 3]);
    await store.close();
  });

  it('wakes a subscription that waits when it is closed', async () => {
    const store = await openSqliteEventStore({ folder: temporaryFolder(), clock: systemClock });
    const next = store.subscribe(0, new AbortController().signal).next();
    await store.close();
    await expect(next).rejects.toMatchObject({ name: 'StoreUnavailable', why: 'closed' });
  });

  it('records when, by the clock that it was given', async () => {
    const clock = { ...systemClock, now: () => 1_795_251_600_000 };
    const store = await openSqliteEventStore({ folder: temporaryFolder(), clock });
    await store.append('a', newEvents(1), NO_STREAM);
    expect(await store.readAll(0, 1)).toMatchObject([{ recordedAt: 1_795_251_600_000 }]);
    await store.close();
  });

  it('acknowledges nothing that a power loss could take back', () => {
    const database = openForAppends(join(temporaryFolder(), 'events.db'));
    const FULL = 2;
    expect(database.prepare('PRAGMA synchronous').get()).toEqual([FULL]);
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual(['wal']);
    database.close();
  });
});

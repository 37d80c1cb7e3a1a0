import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { jest } from '@jest/globals';
import { streamOf } from '#capture/stream-name.js';
import { decoratedStore } from '#event-store/decorated-store.js';
import { UnknownEvent } from '#event-store/event-codec.js';
import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import type { EventStore, NewEvent } from '#event-store/event-store.js';
import { ViewStore } from '#projections/view-store.js';
import {
  authorization,
  captured,
  declined,
  multiple,
  requested,
  succeeded,
  voided,
} from '../capture/fixtures.js';
import { openLedger, project, until } from './fixtures.js';
import { key } from './history-writer.js';
import { rowsInFile } from './kept.js';
import { foldedWhole } from './whole.js';

const fromTheFuture: NewEvent = {
  eventId: '8d7f1b1e-5c1c-5a39-8f0c-0e8b5b1b5b1b',
  type: 'FromTheFuture',
  data: '{}',
  metadata: '{"schemaVersion":1}',
};

/** The store, with some of its subscriptions failing after their first page. */
const failingWith = (store: EventStore, errors: readonly Error[]): EventStore => {
  const left = [...errors];
  return decoratedStore(store, {
    async *subscribe(after, signal) {
      for await (const page of store.subscribe(after, signal)) {
        const error = left.shift();
        if (error) throw error;
        yield page;
      }
    },
  });
};

/** All but the first page of a file, which says that it is a database. */
const overwritePages = (file: string): void => {
  const descriptor = openSync(file, 'r+');
  const rest = Buffer.alloc(statSync(file).size - 4_096, 0xff);
  writeSync(descriptor, rest, 0, rest.length, 4_096);
  closeSync(descriptor);
};

describe('the projector', () => {
  it('goes on from where the views stand, and stops when it is told to', async () => {
    const { store, books, folder, file, shown } = await openLedger();
    await books.write(key('a1'), [multiple(), requested('c1', 10_00)]);
    const first = project(store, folder);
    await shown();
    await first.stop();
    await books.write(key('a1'), [succeeded('c1')]);
    await books.write(key('a2'), [authorization()]);

    const second = project(store, folder);
    await shown();
    expect(second.observed.followedFrom).toEqual([2]);
    expect(second.observed.rebuilt).toBe(0);
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('follows what is written while it runs, in batches of one transaction', async () => {
    const { store, books, folder, file, shown } = await openLedger();
    const { observed } = project(store, folder);
    await until(() => observed.followedFrom.length === 1);
    const writing = Array.from({ length: 300 }, (_, number) =>
      books.write(key(`a${number}`), [multiple(), ...captured('c1', 1)]),
    );
    await Promise.all(writing);
    await shown();
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
    expect(observed.batches.reduce((sum, events) => sum + events, 0)).toBe(900);
    expect(Math.max(...observed.batches)).toBeLessThanOrEqual(128);
  });

  it('skips a stream that cannot be folded, with an alarm, and goes on with the others', async () => {
    const { store, books, folder, file, shown, lists } = await openLedger();
    const { observed, stop } = project(store, folder);
    await until(() => observed.followedFrom.length === 1);
    await books.write(key('a1'), [authorization()]);
    await books.write(key('a1'), [declined('never-made')]);
    await books.write(key('a2'), [authorization()]);
    await shown();
    await books.write(key('a1'), [voided]);
    await books.write(key('a2'), [voided]);
    await shown();

    expect(observed.alarms).toEqual([
      { stream: streamOf(key('a1')), revision: 1, why: expect.stringContaining('CaptureDeclined') },
    ]);
    const { items } = await lists.authorizations({ merchantAccountId: 'default', limit: 10 });
    expect(items).toMatchObject([
      { authorizationId: 'a2', standing: 'voided' },
      { authorizationId: 'a1', standing: 'open', ledger: { revision: 0 } },
    ]);
    await stop();
    const again = project(store, folder);
    await books.write(key('a1'), [voided]);
    await shown();
    expect(again.observed.alarms).toEqual(observed.alarms);
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('ends with an event of a newer release, and keeps the views as they were', async () => {
    const { store, books, folder, shown, lists } = await openLedger();
    const { running } = project(store, folder);
    await books.write(key('a1'), [authorization()]);
    await shown();
    await store.append(streamOf(key('a2')), [fromTheFuture], -1);
    await expect(running).rejects.toThrow(UnknownEvent);
    expect(await lists.asOf()).toBe(1);
  });

  it('tries again where the store is away, and ends where it is broken', async () => {
    const { store, books, folder } = await openLedger();
    const away = new StoreUnavailable('busy', 'another process holds it');
    const { observed, running } = project(
      failingWith(store, [away, new StoreBroken('the disk is gone')]),
      folder,
    );
    await until(() => observed.followedFrom.length === 1);
    await books.write(key('a1'), [authorization()]);
    await expect(running).rejects.toThrow(StoreBroken);
    expect(observed.troubles).toEqual(['another process holds it']);
  });

  it('makes the views anew where another release made them', async () => {
    const { store, books, folder, file, shown, lists } = await openLedger();
    const { stop } = project(store, folder);
    await books.write(key('a1'), [authorization()]);
    await shown();
    await stop();
    const database = new DatabaseSync(file);
    database.exec('DROP TABLE captures; PRAGMA user_version=999');
    database.close();
    expect(await lists.asOf()).toBe(0);

    const { observed } = project(store, folder);
    await shown();
    expect(observed.rebuilt).toBe(1);
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('makes the views anew where they show what the log does not have, which nobody is shown', async () => {
    const { store, books, folder, file, shown, lists } = await openLedger();
    const { stop } = project(store, folder);
    await books.write(key('a1'), [authorization()]);
    await shown();
    await stop();
    const database = new DatabaseSync(file);
    database.exec(`UPDATE checkpoint SET position = 7, event_id = 'of a log that was restored'`);
    database.close();
    expect(await lists.asOf()).toBe(7);
    const { observed } = project(store, folder);
    await until(() => observed.rebuilt === 1);
    await shown();
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('makes the views anew where they are damaged, and readers see them again', async () => {
    const { store, books, folder, file, shown, lists } = await openLedger();
    const { stop } = project(store, folder);
    await Promise.all(
      Array.from({ length: 50 }, (_, number) => books.write(key(`a${number}`), [authorization()])),
    );
    await shown();
    await stop();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    overwritePages(file);
    const query = { merchantAccountId: 'default', limit: 100 };
    await expect(lists.authorizations(query)).rejects.toThrow(StoreUnavailable);

    const { observed } = project(store, folder);
    await until(() => observed.followedFrom.length === 1);
    await shown();
    expect(observed.troubles).toHaveLength(1);
    expect((await lists.authorizations(query)).items).toHaveLength(50);
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('lives on where something else stands in the place of the views, and makes them when it has gone', async () => {
    const { store, books, folder, file, shown } = await openLedger();
    mkdirSync(file);
    await books.write(key('a1'), [authorization()]);
    const { observed } = project(store, folder);
    await until(() => observed.troubles.length > 0);
    rmSync(file, { recursive: true });
    await shown();
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
    expect(observed.troubles[0]).toMatch(/^views\.db /);
  });

  it('lives on where the new views cannot be written beside the old, and makes them when they can', async () => {
    const { store, books, folder, file, shown } = await openLedger();
    mkdirSync(`${file}.next`);
    await books.write(key('a1'), [authorization()]);
    const { observed } = project(store, folder);
    await until(() => observed.troubles.length > 0);
    rmSync(`${file}.next`, { recursive: true });
    await shown();
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('lives on where it cannot have its lock, and has it when it can', async () => {
    const { store, folder, shown } = await openLedger();
    const lock = join(folder, 'projector.lock');
    mkdirSync(lock);
    const { observed } = project(store, folder);
    await until(() => observed.troubles.length > 0);
    rmSync(lock, { recursive: true });
    await until(() => observed.followedFrom.length === 1);
    await shown();
    expect(observed.troubles[0]).toMatch(/^projector\.lock /);
  });

  it.each([
    [1, 'SQL logic error'],
    [8, 'attempt to write a readonly database'],
    [10, 'disk I/O error'],
    [14, 'unable to open database file'],
    [18, 'string or blob too big'],
  ])('lives on with error %d of the views (%s)', async (errcode, message) => {
    const { store, books, folder, file, shown } = await openLedger();
    const broken = jest.spyOn(ViewStore.prototype, 'keep').mockImplementationOnce(() => {
      throw Object.assign(new Error(message), { errcode });
    });
    await books.write(key('a1'), [authorization()]);
    const { observed } = project(store, folder);
    await shown();
    broken.mockRestore();
    expect(observed.troubles).toEqual([`views.db cannot be kept: ${message}`]);
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('waits while another projects, says so, and takes over', async () => {
    const { store, books, folder, shown } = await openLedger();
    const first = project(store, folder);
    await until(() => first.observed.followedFrom.length === 1);
    const second = project(store, folder);
    await until(() => second.observed.waited === 1);
    await first.stop();
    await books.write(key('a1'), [authorization()]);
    await shown();
    expect(second.observed.batches).toEqual([1]);
    expect(second.observed.followedFrom).toEqual([0]);
  });

  it('stops waiting when it is told to', async () => {
    const { store, folder } = await openLedger();
    const first = project(store, folder);
    await until(() => first.observed.followedFrom.length === 1);
    const second = project(store, folder);
    await until(() => second.observed.waited === 1);
    await second.stop();
    expect(second.observed.followedFrom).toEqual([]);
  });
});

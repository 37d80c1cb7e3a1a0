import { rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '#event-store/event-store.js';
import { InvalidCursor, ViewsUnavailable } from '#projections/queries.js';
import type { CaptureQuery, Lists } from '#projections/queries.js';
import { captureOf } from '#projections/capture-view.js';
import { ViewLists } from '#projections/view-lists.js';
import { ViewsReader } from '#projections/views-reader.js';
import { systemClock } from '#runtime/system-clock.js';
import { register } from '../capture/commands.js';
import {
  at,
  authorization,
  captured,
  finalCapture,
  multiple,
  pending,
  requested,
  succeeded,
  uncertain,
  voided,
} from '../capture/fixtures.js';
import { openLedger, project, temporaryFolder, until } from './fixtures.js';
import { Books, key } from './history-writer.js';
import { identity } from './shown.js';

const shop = { merchantAccountId: 'default', limit: 100 };

/** Ten authorizations: a0 voided, a1 captured, the others as registered. */
const withTen = async () => {
  const ledger = await openLedger();
  project(ledger.store, ledger.folder);
  for (let number = 0; number < 10; number += 1)
    await ledger.books.write(key(`a${number}`), [authorization()]);
  await ledger.books.write(key('a0'), [voided]);
  await ledger.books.write(key('a1'), [finalCapture('c1', 100_00), succeeded('c1')]);
  await ledger.shown();
  return ledger;
};

const noViews = () =>
  new ViewLists(new ViewsReader(temporaryFolder()), { identity, head: async () => 0 }, systemClock);

const ids = (page: { items: readonly { authorizationId: string }[] }): readonly string[] =>
  page.items.map(({ authorizationId }) => authorizationId);

describe('the list of authorizations', () => {
  it('has the newest first, and says up to which position it shows the log', async () => {
    const { lists, store } = await withTen();
    const page = await lists.authorizations(shop);
    expect(ids(page)).toEqual(['a9', 'a8', 'a7', 'a6', 'a5', 'a4', 'a3', 'a2', 'a1', 'a0']);
    expect(page).toMatchObject({ next: null, asOf: await store.head() });
    expect(page.items[8]).toMatchObject({ status: 'succeeded', ledger: { revision: 2 } });
  });

  it.each([
    ['voided', ['a0']],
    ['succeeded', ['a1']],
    ['requires_capture', ['a9', 'a8', 'a7', 'a6', 'a5', 'a4', 'a3', 'a2']],
    ['failed', []],
  ] as const)('can be of those that are %s', async (status, found) => {
    const { lists } = await withTen();
    expect(ids(await lists.authorizations({ ...shop, status }))).toEqual(found);
  });

  it('comes in pages that do not move while new ones come', async () => {
    const { lists, books, shown } = await withTen();
    const seen: string[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 4; page += 1) {
      const found = await lists.authorizations({ ...shop, limit: 3, ...(cursor && { cursor }) });
      seen.push(...ids(found));
      cursor = found.next;
      await books.write(key(`new-${page}`), [authorization()]);
      await shown();
    }
    expect(seen).toEqual(['a9', 'a8', 'a7', 'a6', 'a5', 'a4', 'a3', 'a2', 'a1', 'a0']);
    expect(cursor).toBeNull();
  });

  it('has no next page where the last one is full', async () => {
    const { lists } = await withTen();
    expect(await lists.authorizations({ ...shop, limit: 10 })).toMatchObject({ next: null });
  });

  it('is of one merchant account', async () => {
    const { lists, books, shown } = await withTen();
    await books.write(key('theirs', 'other'), [authorization()]);
    await shown();
    expect(ids(await lists.authorizations(shop))).not.toContain('theirs');
    expect(ids(await lists.authorizations({ ...shop, merchantAccountId: 'other' }))).toEqual([
      'theirs',
    ]);
  });

  it('leaves out a stream in which only a refusal stands', async () => {
    const { lists, books, shown, reader } = await withTen();
    await books.decide({ ...register(), type: 'VoidAuthorization', authorizationId: 'never' });
    await shown();
    expect(ids(await lists.authorizations({ ...shop, limit: 1 }))).toEqual(['a9']);
    expect(await reader.read(key('never'))).toBeUndefined();
  });

  it.each([
    ['of another list', Buffer.from('captures:5').toString('base64url')],
    ['not a number', Buffer.from('authorizations:1 OR 1=1').toString('base64url')],
    ['no whole number', Buffer.from('authorizations:1.5').toString('base64url')],
    ['written another way', Buffer.from('authorizations:5').toString('base64url') + '='],
    ['with something behind it', Buffer.from('authorizations:5:6').toString('base64url')],
    ['nothing', ''],
    ['no base64', '€'],
  ])('refuses a cursor that is %s', async (_, cursor) => {
    await expect(noViews().authorizations({ ...shop, cursor })).rejects.toThrow(InvalidCursor);
  });

  it.each([0, 101, 1.5])('refuses a page of %d', async (limit) => {
    await expect(noViews().authorizations({ ...shop, limit })).rejects.toThrow(RangeError);
  });
});

/** In order of creation: c1 to c5, of two authorizations. */
/** Five captures, all of them recorded at half past. */
const withFive = async () => {
  const ledger = await openLedger(undefined, { ...systemClock, now: () => Date.parse(at(30)) });
  project(ledger.store, ledger.folder);
  const { books } = ledger;
  await books.write(key('a1'), [multiple()]);
  await books.write(key('a2'), [multiple()]);
  await books.write(key('a1'), [requested('c1', 1)], { issuedAt: at(1) });
  await books.write(key('a2'), [requested('c2', 2)], { issuedAt: at(2) });
  await books.write(key('a1'), [requested('c3', 3, { sequence: 2 })], { issuedAt: at(3) });
  await books.write(key('a1'), [requested('c4', 4, { sequence: 3 })], { issuedAt: at(4) });
  await books.write(key('a2'), captured('c5', 5, { sequence: 2 }), { issuedAt: at(5) });
  await books.write(key('a1'), [pending('c1')]);
  await books.write(key('a2'), [uncertain('c2')]);
  await books.write(key('a1'), [pending('c4')]);
  await ledger.shown();
  return ledger;
};

const captureIds = async (
  lists: Lists,
  query: Partial<CaptureQuery>,
): Promise<readonly string[]> => {
  const page = await lists.captures({ ...shop, ...query });
  return page.items.map(({ captureId }) => captureId);
};

/** How many documents come out of the views: what is read of them, but for keys and names. */
const countingDocuments = (views: ViewsReader) => {
  let documents = 0;
  const count = (rows: readonly (readonly unknown[])[]) => {
    for (const value of rows.flat())
      if (typeof value === 'string' && value.startsWith('{')) documents += 1;
  };
  const read: ViewsReader['read'] = (toRead) =>
    views.read((snapshot) =>
      toRead({
        ...snapshot,
        rows: (sql, ...values) => {
          const rows = snapshot.rows(sql, ...values);
          count(rows);
          return rows as never;
        },
      }),
    );
  return {
    views: Object.assign(Object.create(views) as ViewsReader, { read }),
    read: () => documents,
  };
};

describe('the list of captures', () => {
  it('has the newest first, whatever their authorization', async () => {
    const { lists } = await withFive();
    expect(await captureIds(lists, {})).toEqual(['c5', 'c4', 'c3', 'c2', 'c1']);
  });

  it('can be of those with one status', async () => {
    const { lists } = await withFive();
    expect(await captureIds(lists, { status: 'pending' })).toEqual(['c4', 'c2', 'c1']);
    expect(await captureIds(lists, { status: 'succeeded' })).toEqual(['c5']);
  });

  it('can be of those that wait for longer than they should, requested, pending or uncertain', async () => {
    const { lists } = await withFive();
    expect(await captureIds(lists, { waitingSinceBefore: at(4) })).toEqual(['c3', 'c2', 'c1']);
    expect(await captureIds(lists, { waitingSinceBefore: at(59) })).toEqual([
      'c4',
      'c3',
      'c2',
      'c1',
    ]);
    expect(await captureIds(lists, { waitingSinceBefore: at(4), status: 'pending' })).toEqual([
      'c2',
      'c1',
    ]);
    expect(await captureIds(lists, { waitingSinceBefore: at(59), status: 'succeeded' })).toEqual(
      [],
    );
  });

  it('has those that wait also where the clock of who sent them is ahead', async () => {
    const { lists, books, shown } = await withFive();
    const [issuedAt, to] = ['2999-01-01T00:00:00.000Z', key('a1')];
    await books.write(to, [requested('c6', 6, { sequence: 4 })], { issuedAt });
    await shown();
    expect(await captureIds(lists, { waitingSinceBefore: at(31) })).toContain('c6');
    expect(await captureIds(lists, { waitingSinceBefore: at(30) })).not.toContain('c6');
    const { items } = await lists.captures({ ...shop, limit: 1 });
    expect(items).toMatchObject([{ captureId: 'c6', createdAt: issuedAt }]);
  });

  it('comes in pages', async () => {
    const { lists } = await withFive();
    const first = await lists.captures({ ...shop, limit: 2 });
    const second = await lists.captures({ ...shop, limit: 2, cursor: first.next! });
    const waiting = await lists.captures({
      ...shop,
      limit: 2,
      waitingSinceBefore: at(59),
      cursor: first.next!,
    });
    expect(second.items.map(({ captureId }) => captureId)).toEqual(['c3', 'c2']);
    expect(waiting.items.map(({ captureId }) => captureId)).toEqual(['c3', 'c2']);
    expect(waiting.next).not.toBeNull();
  });

  it('reads an authorization once, however many of its captures are on the page', async () => {
    const ledger = await openLedger();
    project(ledger.store, ledger.folder);
    const many = Array.from({ length: 60 }, (_, place) =>
      requested(`c${place}`, 1, { sequence: place + 1 }),
    );
    await ledger.books.write(key('a1'), [multiple(), ...many]);
    await ledger.shown();
    const { views, read } = countingDocuments(ledger.views);
    const lists = new ViewLists(views, ledger.store, systemClock);
    expect((await lists.captures({ ...shop, limit: 50 })).items).toHaveLength(50);
    expect(read()).toBe(1);
  });

  it('shows each as it is shown when it is asked for', async () => {
    const { lists, reader } = await withFive();
    const { items } = await lists.captures({ ...shop, limit: 1 });
    expect(items[0]).toEqual(captureOf((await reader.read(key('a2')))!, 'c5'));
  });
});

describe('waiting for a position', () => {
  it('is over as soon as the views have come that far', async () => {
    const { lists, books, store, folder } = await openLedger();
    project(store, folder);
    await books.write(key('a1'), [authorization()]);
    expect(await lists.waitFor(1, 10_000)).toBe(true);
    expect(await lists.asOf()).toBe(1);
  });

  it('gives up where nobody projects', async () => {
    const { lists, books } = await openLedger();
    await books.write(key('a1'), [authorization()]);
    expect(await lists.waitFor(1, 30)).toBe(false);
    expect(await lists.asOf()).toBe(0);
  });
});

describe('lists without views', () => {
  it('are empty where nothing was ever written', async () => {
    const { lists } = await openLedger();
    expect(await lists.captures(shop)).toEqual({ items: [], next: null, asOf: 0 });
  });

  it('are not to be had where something was: they would be empty, and wrong', async () => {
    const { lists, books } = await openLedger();
    await books.write(key('a1'), [authorization()]);
    await expect(lists.authorizations(shop)).rejects.toThrow(ViewsUnavailable);
    await expect(lists.captures(shop)).rejects.toThrow(ViewsUnavailable);
  });

  it('are not to be had while another release made them', async () => {
    const { lists, file } = await withTen();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version=999');
    database.close();
    await expect(lists.authorizations(shop)).rejects.toThrow(ViewsUnavailable);
  });
});

describe('lists that are being read', () => {
  it('are those of the file that stands in the place of the one they were read from', async () => {
    const { lists, file, folder, store, shown } = await openLedger();
    const first = project(store, folder);
    await shown();
    await until(() => first.observed.followedFrom.length === 1);
    expect(await lists.authorizations(shop)).toMatchObject({ items: [] });
    await first.stop();
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
    await new Books(store).write(key('a1'), [authorization()]);
    project(store, folder);
    await shown();
    expect(ids(await lists.authorizations(shop))).toEqual(['a1']);
  });

  it('come back where the file was damaged and mended', async () => {
    const { lists, file, folder, store, books, shown } = await openLedger();
    const first = project(store, folder);
    await books.write(key('a1'), [authorization()]);
    await shown();
    expect(ids(await lists.authorizations(shop))).toEqual(['a1']);
    await first.stop();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    writeFileSync(file, 'this is no database '.repeat(1_000));
    await expect(lists.authorizations(shop)).rejects.toThrow(StoreUnavailable);
    const { observed } = project(store, folder);
    await until(() => observed.followedFrom.length === 1);
    await shown();
    expect(ids(await lists.authorizations(shop))).toEqual(['a1']);
  });
});

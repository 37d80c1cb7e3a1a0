import { multiple, captured, requested, succeeded, voided } from '../capture/fixtures.js';
import { startChild } from './child.js';
import { openLedger, project } from './fixtures.js';
import { key } from './history-writer.js';
import { rowsInFile } from './kept.js';
import { foldedWhole } from './whole.js';

const SALES = 400;

type Ledger = Awaited<ReturnType<typeof openLedger>>;

const withSales = async (ledger: Ledger, from = 0, until = SALES): Promise<void> => {
  const writing = Array.from({ length: until - from }, (_, number) =>
    ledger.books.write(key(`a${from + number}`), [multiple(), ...captured('c1', 1)]),
  );
  await Promise.all(writing);
};

describe('a process that is killed with kill -9', () => {
  it('while it projects, again and again, leaves views that the next one takes up', async () => {
    const ledger = await openLedger();
    const { folder, file, store, books, shown } = ledger;
    for (let life = 0; life < 4; life += 1) {
      const child = startChild('project', folder);
      await child.says(/following/);
      const writing = withSales(ledger, life * 100, life * 100 + 100);
      await books.write(key(`late-${life}`), [multiple(), requested('c1', 1)]);
      await child.says(/projected/);
      await child.kill();
      await writing;
      await books.write(key(`late-${life}`), [succeeded('c1')]);
    }
    const { observed } = project(store, folder);
    await shown();
    expect(observed.rebuilt).toBe(0);
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('while it rebuilds, wherever, leaves the old views or the new ones, whole', async () => {
    const ledger = await openLedger();
    const { folder, file, store, books, lists, shown } = ledger;
    await withSales(ledger);
    const { stop } = project(store, folder);
    await shown();
    await stop();
    const before = rowsInFile(file);
    await books.write(key('a0'), [voided]);
    const after = await foldedWhole(store);
    for (const when of [/rebuilt [1-9]/, /rebuilt 1[0-9]{3} of/]) {
      const child = startChild('rebuild', folder);
      await child.says(when);
      await child.kill();
      expect([before, after]).toContain(rowsInFile(file));
    }
    const child = startChild('rebuild', folder);
    await child.says(/switched/);
    await child.ended;
    expect(await lists.asOf()).toBe(await store.head());
    expect(rowsInFile(file)).toBe(after);
  });

  it('while it holds the lock leaves it to the next, which has waited', async () => {
    const { folder, store, books, shown } = await openLedger();
    const first = startChild('project', folder);
    await first.says(/following/);
    const second = startChild('project', folder);
    await second.says(/waiting/);
    const { observed } = project(store, folder);
    await books.write(key('a1'), [multiple()]);
    await first.says(/projected 1/);
    expect([second.said, observed.followedFrom]).toEqual([['waiting'], []]);

    await first.kill();
    await books.write(key('a1'), [requested('c1', 1)]);
    await shown();
    // The views may be shown before a process has said that it shows them.
    const follows = () => [second.said.length > 1, observed.followedFrom.length > 0];
    while (!follows().includes(true)) await new Promise(setImmediate);
    expect(follows()).toContain(false);
    await second.kill();
  });
});

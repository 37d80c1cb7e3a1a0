import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { streamOf } from '#capture/stream-name.js';
import { UnknownEvent } from '#event-store/event-codec.js';
import { StoreUnavailable } from '#event-store/event-store.js';
import { ProjectorLock } from '#projections/projector-lock.js';
import { rebuildViews } from '#projections/rebuild.js';
import type { Rebuild, RebuildProgress } from '#projections/rebuild.js';
import type { Clock } from '#runtime/clock.js';
import { systemClock } from '#runtime/system-clock.js';
import { authorization, declined, multiple, requested, voided } from '../capture/fixtures.js';
import { openLedger, project } from './fixtures.js';
import { key } from './history-writer.js';
import { rowsInFile } from './kept.js';
import { foldedWhole } from './whole.js';

type Ledger = Awaited<ReturnType<typeof openLedger>>;

const rebuild = async ({ store, folder }: Ledger, parts: Partial<Rebuild> = {}) => {
  const lock = ProjectorLock.take(folder);
  if (!lock) throw new Error('another process projects');
  try {
    return await rebuildViews({
      store,
      lock,
      clock: systemClock,
      signal: new AbortController().signal,
      progress: () => undefined,
      unusable: () => undefined,
      ...parts,
    });
  } finally {
    lock.release();
  }
};

/** 400 authorizations, one of them of 1 500 events: more than one page. */
const withMany = async (): Promise<Ledger> => {
  const ledger = await openLedger();
  const { books } = ledger;
  const many = Array.from({ length: 1_500 }, (_, sequence) =>
    requested(`c${sequence}`, 1, { sequence: sequence + 1 }),
  );
  await books.write(key('long'), [multiple()]);
  for (let from = 0; from < many.length; from += 500)
    await books.write(key('long'), many.slice(from, from + 500));
  await Promise.all(
    Array.from({ length: 400 }, (_, number) => books.write(key(`a${number}`), [authorization()])),
  );
  return ledger;
};

describe('views that are rebuilt', () => {
  it('are those of the log, where there were none', async () => {
    const ledger = await withMany();
    expect(await rebuild(ledger)).toBe(1_901);
    expect(rowsInFile(ledger.file)).toBe(await foldedWhole(ledger.store));
    expect(readdirSync(ledger.folder)).not.toContain('views.db.next');
  });

  it('say how far they have come', async () => {
    const ledger = await withMany();
    const told: RebuildProgress[] = [];
    await rebuild(ledger, { progress: (progress) => told.push(progress) });
    const done = told.map((progress) => progress.done);
    expect(done).toEqual(done.toSorted((one, other) => one - other));
    expect([done[0], done.at(-1), told[0]?.total]).toEqual([256, 1_901, 1_901]);
    expect(told.every(({ rate }) => rate > 0)).toBe(true);
  });

  it('are made a page at a time, everything else having its turn between two', async () => {
    const ledger = await withMany();
    let turns = 0;
    const clock: Clock = {
      ...systemClock,
      wait: (...asked) => {
        turns += 1;
        return systemClock.wait(...asked);
      },
    };
    await rebuild(ledger, { clock });
    expect(turns).toBe(7);
  });

  it('have what was appended meanwhile, to streams that were read and to those that were not', async () => {
    const ledger = await withMany();
    const { books, file, store } = ledger;
    const writing: Promise<unknown>[] = [];
    const progress = ({ done }: RebuildProgress) => {
      if (done > 256) return;
      for (const name of ['long', 'a399', 'new']) writing.push(books.write(key(name), [voided]));
    };
    await books.write(key('new'), [authorization()]);
    await rebuild(ledger, { progress });
    await Promise.all(writing);
    expect(writing).toHaveLength(3);
    expect(rowsInFile(file)).toBe(await foldedWhole(store));
  });

  it('are seen by who was reading the old ones', async () => {
    const ledger = await withMany();
    const { lists, books, store, folder, shown } = ledger;
    const { stop } = project(store, folder);
    await shown();
    await stop();
    await books.write(key('a0'), [voided]);
    const query = { merchantAccountId: 'default', limit: 100, status: 'voided' } as const;
    expect((await lists.authorizations(query)).items).toEqual([]);
    await rebuild(ledger);
    expect(await lists.authorizations(query)).toMatchObject({
      items: [{ authorizationId: 'a0' }],
      asOf: 1_902,
    });
    project(store, folder);
    await books.write(key('a1'), [voided]);
    await shown();
    expect((await lists.authorizations(query)).items).toHaveLength(2);
  });

  it('can be read while they are put in place, also the first time', async () => {
    const ledger = await withMany();
    await rebuild(ledger);
    const reader = new DatabaseSync(ledger.file, { readOnly: true, timeout: 0 });
    reader.exec('BEGIN; SELECT count(*) FROM captures');
    await ledger.books.write(key('a0'), [voided]);
    await rebuild(ledger);
    expect(reader.prepare('SELECT position FROM checkpoint').get()).toEqual({ position: 1_901 });
    reader.exec('COMMIT');
    expect(reader.prepare('SELECT position FROM checkpoint').get()).toEqual({ position: 1_902 });
    reader.close();
  });

  it('stay as they were where it is aborted, or a newer release wrote to the log', async () => {
    const ledger = await withMany();
    const { file, store } = ledger;
    await rebuild(ledger);
    const before = rowsInFile(file);
    const aborting = new AbortController();
    const progress = () => aborting.abort();
    expect(await rebuild(ledger, { signal: aborting.signal, progress })).toBeUndefined();
    const strange = { eventId: 'e', type: 'FromTheFuture', data: '{}', metadata: '{}' };
    await store.append(streamOf(key('new')), [strange], -1);
    await expect(rebuild(ledger)).rejects.toThrow(UnknownEvent);
    expect(rowsInFile(file)).toBe(before);
  });

  it('stay as they were while somebody holds a transaction open on them', async () => {
    const ledger = await withMany();
    await rebuild(ledger);
    const holder = new DatabaseSync(ledger.file);
    holder.exec('BEGIN IMMEDIATE');
    await expect(rebuild(ledger)).rejects.toThrow(StoreUnavailable);
    holder.exec('COMMIT');
    holder.close();
    expect(await rebuild(ledger)).toBe(1_901);
  });

  it('replace a file that is no database', async () => {
    const ledger = await withMany();
    writeFileSync(ledger.file, 'this is no database '.repeat(1_000));
    writeFileSync(`${ledger.file}-wal`, 'nor is this its log');
    await rebuild(ledger);
    expect(rowsInFile(ledger.file)).toBe(await foldedWhole(ledger.store));
  });

  it('leave out what cannot be folded, with an alarm', async () => {
    const ledger = await openLedger();
    await ledger.books.write(key('a1'), [authorization(), declined('never-made'), voided]);
    await ledger.books.write(key('a2'), [authorization()]);
    const alarms: string[] = [];
    await rebuild(ledger, { unusable: ({ stream }) => alarms.push(stream) });
    expect(alarms).toEqual([streamOf(key('a1'))]);
    expect(rowsInFile(ledger.file)).toBe(await foldedWhole(ledger.store));
  });

  it('are not made while another process projects', async () => {
    const ledger = await openLedger();
    const lock = ProjectorLock.take(ledger.folder)!;
    await expect(rebuild(ledger)).rejects.toThrow('another process projects');
    lock.release();
    await rebuild(ledger);
    expect(existsSync(ledger.file)).toBe(true);
  });
});

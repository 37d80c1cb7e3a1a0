import { chmodSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoreBroken } from '#event-store/event-store.js';
import { BackupExists, backupStore } from '#event-store/sqlite-backup.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { StoreRefused } from '#event-store/store-refused.js';
import type { StoreFileProgress } from '#event-store/verify-store-file.js';
import { systemClock } from '#runtime/system-clock.js';
import { startAppending } from './appending-child.js';
import { ChainedHistory, fillStore } from './chained-history.js';
import { logIn } from './log-in.js';
import { contentsOf, identityIn, logInFile, tamper, unfollowed, when } from './store-files.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

const KIBIBYTE = 1_024;

let folder: string;
/** Where backups go. */
let place: string;
let file: string;

beforeEach(() => {
  folder = temporaryFolder();
  place = temporaryFolder();
  file = join(place, 'backup.db');
});
afterAll(removeTemporaryFolders);

const backUp = (followed: Partial<typeof unfollowed> = {}) =>
  backupStore({ folder, file, ...unfollowed, ...followed });

describe('A backup of the SQLite event store', () => {
  it('is, whoever appends meanwhile, the history up to some moment, in chains that are whole', async () => {
    const children = ['one', 'two'].map((name) => startAppending(folder, name, 300));
    await Promise.all(children.map(({ until }) => until(40)));
    const told = [];
    for (const name of ['first.db', 'second.db', 'third.db']) {
      file = join(place, name);
      told.push({ file, backup: (await backUp())! });
    }
    await Promise.all(children.map(({ ended }) => ended));
    const log = await logIn(folder);
    expect(told[0]!.backup.position).toBeLessThan(log.length);
    for (const { file: made, backup } of told) {
      const { position } = backup;
      expect(await logInFile(made)).toEqual(log.slice(0, position));
      expect(backup).toEqual({
        position,
        eventId: log[position - 1]!.eventId,
        streams: new Set(log.slice(0, position).map(({ stream }) => stream)).size,
        epoch: 1,
        bytes: statSync(made).size,
        sha256: contentsOf(place)[made.slice(place.length + 1)],
      });
    }
    expect(readdirSync(place).toSorted()).toEqual(['first.db', 'second.db', 'third.db']);
  });

  it('does not begin again when something is appended between any two of its steps', async () => {
    await fillStore(folder, { streams: 10, each: 4, length: 900 * KIBIBYTE });
    const other = new DatabaseSync(join(folder, 'events.db'));
    const append = other.prepare('INSERT INTO streams(name) VALUES (?)');
    const seen: StoreFileProgress[] = [];
    const backup = await backUp({
      progress: (progress) => {
        seen.push(progress);
        const copied = seen.filter(({ doing }) => doing === 'copying').map(({ done }) => done);
        expect(copied).toEqual(copied.toSorted((one, another) => one - another));
        append.run(`meanwhile-${seen.length}`);
      },
    });
    other.close();
    expect(seen.filter(({ doing }) => doing === 'copying').length).toBeGreaterThan(3);
    expect(backup).toMatchObject({ position: 40, streams: 10 });
  });

  it('tells how far it is, to the last byte and the last event', async () => {
    await fillStore(folder, { streams: 3, each: 500 });
    const seen: StoreFileProgress[] = [];
    const backup = await backUp({ progress: (progress) => seen.push(progress) });
    const { bytes, position } = backup!;
    const last = (what: string) => seen.findLast(({ doing }) => doing === what);
    expect(position).toBe(1_500);
    expect(last('copying')).toEqual({ doing: 'copying', done: bytes, total: bytes });
    expect(last('verifying')).toEqual({ doing: 'verifying', done: 1_500, total: 1_500 });
    expect(seen.filter(({ doing }) => doing === 'verifying').map(({ done }) => done)).toEqual([
      1_000, 1_500,
    ]);
  });

  it('is made of a store without an event, too', async () => {
    await fillStore(folder, { streams: 0, each: 0 });
    expect(await backUp()).toMatchObject({ position: 0, eventId: '', streams: 0, epoch: 1 });
    expect(await logInFile(file)).toEqual([]);
  });

  it('holds what only the write-ahead log of a killed process holds', async () => {
    const child = startAppending(folder, 'one', 1_000);
    await child.until(50);
    child.kill();
    await child.ended;
    expect(statSync(join(folder, 'events.db-wal')).size).toBeGreaterThan(0);
    const { position } = (await backUp())!;
    const log = await logIn(folder);
    expect(position).toBe(log.length);
    expect(await logInFile(file)).toEqual(log);
  });

  it('may be read by whoever may read the store, and by nobody else', async () => {
    await fillStore(folder, { streams: 1, each: 1 });
    chmodSync(join(folder, 'events.db'), 0o640);
    await backUp();
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('is never written over another file, not even over one that came meanwhile', async () => {
    await fillStore(folder, { streams: 1, each: 1 });
    writeFileSync(file, 'mine');
    await expect(backUp()).rejects.toThrow(BackupExists);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    file = join(place, 'another.db');
    const meanwhile = when('verifying', () => writeFileSync(file, 'his'));
    await expect(backUp(meanwhile)).rejects.toThrow(BackupExists);
    expect(readFileSync(file, 'utf8')).toBe('his');
    expect(readdirSync(place).toSorted()).toEqual(['another.db', 'backup.db']);
  });

  it.each(['copying', 'verifying'] as const)('stopped while %s leaves nothing', async (doing) => {
    await fillStore(folder, { streams: 3, each: 5 });
    const before = contentsOf(folder);
    const stopping = new AbortController();
    const { signal } = stopping;
    const stopped = await backUp({ ...when(doing, () => stopping.abort()), signal });
    expect(stopped).toBeUndefined();
    expect(readdirSync(place)).toEqual([]);
    expect(contentsOf(folder)).toEqual(before);
  });

  it.each([
    ['an event was changed', `UPDATE events SET data = '{}' WHERE position = 4`, /chain is broken/],
    ['an event is missing', 'DELETE FROM events WHERE position = 4', /14 events up to position 15/],
    ['an event is of no stream', 'DELETE FROM streams WHERE id = 2', /5 events are of no stream/],
    ['its table is gone', 'DROP TABLE store', /no such table: store/],
  ])('is not left of a store of which %s: its own copy says so', async (_what, sql, why) => {
    await fillStore(folder, { streams: 3, each: 5 });
    tamper(join(folder, 'events.db'), sql);
    await expect(backUp()).rejects.toMatchObject({
      name: 'StoreBroken',
      message: expect.stringMatching(why),
    } satisfies Partial<Record<keyof StoreBroken, unknown>>);
    expect(readdirSync(place)).toEqual([]);
  });

  it('is not made of a store that a newer build wrote', async () => {
    await fillStore(folder, { streams: 1, each: 1 });
    tamper(join(folder, 'events.db'), 'PRAGMA user_version=99');
    await expect(backUp()).rejects.toThrow(StoreRefused);
    await expect(backUp()).rejects.toThrow(/version 99 .* start the newer build/);
    expect(readdirSync(place)).toEqual([]);
  });

  it('makes no store where there is none', async () => {
    folder = join(folder, 'nothing');
    await expect(backUp()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(place)).toEqual([]);
  });

  it('lets a ledger that has the store open go on, before and after', async () => {
    const store = await openSqliteEventStore({ folder, clock: systemClock });
    const history = new ChainedHistory();
    await history.append(store, 'authorization-default/auth-1');
    await backUp();
    await history.append(store, 'authorization-default/auth-1');
    expect(await store.head()).toBe(2);
    expect(await logInFile(file)).toHaveLength(1);
    expect(identityIn(folder)).toEqual({ shard: 0, epoch: 1 });
    await store.close();
  });
});

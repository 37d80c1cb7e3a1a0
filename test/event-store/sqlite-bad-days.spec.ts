import { spawn } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { BroadcastChannel, Worker } from 'node:worker_threads';
import { NO_STREAM, StoreBroken } from '#event-store/event-store.js';
import type { Appended, NewEvent } from '#event-store/event-store.js';
import { GroupCommit } from '#event-store/group-commit.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { systemClock } from '#runtime/system-clock.js';
import { newEvent, newEvents } from '../contracts/new-events.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

const MEBIBYTE = 1024 * 1024;
const large = (): NewEvent => newEvent('x'.repeat(MEBIBYTE - 1_000));

const fileOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const append = (writer: GroupCommit, stream: string, events: NewEvent[], at = NO_STREAM) =>
  writer.append({ stream, events, expectedRevision: at });

describe('The SQLite event store on a bad day', () => {
  let folder: string;
  const open = (clock = systemClock) => openSqliteEventStore({ folder, clock });

  /** The store's writer, on a connection that is told `pragmas`. */
  const startWriter = async (pragmas: string): Promise<GroupCommit> => {
    const worker = new Worker(fileOf('./writer-with-pragmas.ts'), {
      workerData: { file: join(folder, 'events.db'), pragmas },
      execArgv: ['--conditions=ledger-source'],
    });
    return GroupCommit.start(worker, systemClock, () => undefined);
  };

  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterAll(removeTemporaryFolders);

  describe('when the disk is full', () => {
    const full = expect.objectContaining({ name: 'StoreUnavailable', why: 'full' });

    it('writes nothing, says so, and makes the same append once there is space', async () => {
      const writer = await startWriter('PRAGMA max_page_count=600');
      const events = [large()];
      let revision = NO_STREAM;
      const fill = async (): Promise<void> => {
        for (;;) ({ revision } = await append(writer, 'filling', events, revision));
      };
      await expect(fill()).rejects.toEqual(full);
      await expect(append(writer, 'filling', events, revision)).rejects.toEqual(full);
      const store = await open();
      expect(await store.head()).toBe(revision + 1);
      expect(await store.readStream('filling', { from: revision + 1 })).toEqual([]);

      const channel = new BroadcastChannel('pragmas');
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      channel.postMessage('PRAGMA max_page_count=6000');
      channel.close();
      // The channel and the appends are not in step: the space may come a moment later.
      const refusals: unknown[] = [];
      let outcome: PromiseSettledResult<Appended>;
      do {
        [outcome] = await Promise.allSettled([append(writer, 'filling', events, revision)]);
        if (outcome.status === 'rejected') refusals.push(outcome.reason);
      } while (outcome.status === 'rejected' && refusals.length < 1_000);
      expect(outcome).toEqual({
        status: 'fulfilled',
        value: { revision: revision + 1, position: revision + 2 },
      });
      expect(refusals).toEqual(refusals.map(() => full));
      await Promise.all([writer.close(), store.close()]);
    });

    it('takes what fits, though what came with it does not', async () => {
      const writer = await startWriter('PRAGMA max_page_count=100');
      const outcomes = await Promise.allSettled([
        append(writer, 'small-1', newEvents(2)),
        append(writer, 'small-2', newEvents(20)),
        append(writer, 'large', [large()]),
        append(writer, 'small-3', newEvents(1)),
        append(writer, 'small-1', newEvents(1), 1),
      ]);
      expect(outcomes).toMatchObject([
        { value: { revision: 1, position: 2 } },
        { value: { revision: 19, position: 22 } },
        { reason: full },
        { value: { revision: 0, position: 23 } },
        { value: { revision: 2, position: 24 } },
      ]);
      await writer.close();
    });

    it('takes what fits of many at once, which reach the writer in parts', async () => {
      const writer = await startWriter('PRAGMA max_page_count=100');
      const larges: ReadonlySet<number> = new Set([3, 40]);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 70 }, (_, index) =>
          append(writer, `stream-${index}`, larges.has(index) ? [large()] : newEvents(1)),
        ),
      );
      let position = 0;
      expect(outcomes).toMatchObject(
        outcomes.map((_, index) =>
          larges.has(index) ? { reason: full } : { value: { revision: 0, position: ++position } },
        ),
      );
      await writer.close();
    });
  });

  it('says busy to all of a group that reaches the writer in parts, and takes the next', async () => {
    const writer = await startWriter('PRAGMA busy_timeout=20');
    const all = Array.from({ length: 40 }, (_, index) => `stream-${index}`);
    const appendAll = () => Promise.allSettled(all.map((s) => append(writer, s, newEvents(1))));
    const other = new DatabaseSync(join(folder, 'events.db'));
    other.exec('BEGIN IMMEDIATE');
    const busy = { reason: expect.objectContaining({ name: 'StoreUnavailable', why: 'busy' }) };
    expect(await appendAll()).toMatchObject(all.map(() => busy));
    other.exec('ROLLBACK');
    other.close();
    expect(await appendAll()).toMatchObject(
      all.map((_, index) => ({ value: { revision: 0, position: index + 1 } })),
    );
    await writer.close();
  });

  it('makes what it was asked for in parts before it closes', async () => {
    const store = await open();
    const asked = Array.from({ length: 40 }, (_, index) =>
      store.append('a', newEvents(1), index - 1),
    );
    await store.close();
    expect((await Promise.all(asked)).at(-1)).toEqual({ revision: 39, position: 40 });
    const next = await open();
    expect(await next.head()).toBe(40);
    await next.close();
  });

  it('says busy while another process does not let go, and nothing was written', async () => {
    const writer = await startWriter('PRAGMA busy_timeout=20');
    const other = new DatabaseSync(join(folder, 'events.db'));
    other.exec('BEGIN IMMEDIATE');
    const events = newEvents(2);
    const [one, two] = await Promise.allSettled([
      append(writer, 'a', events),
      append(writer, 'b', newEvents(1)),
    ]);
    const busy = expect.objectContaining({ name: 'StoreUnavailable', why: 'busy' });
    expect([one, two]).toMatchObject([{ reason: busy }, { reason: busy }]);
    other.exec('ROLLBACK');
    other.close();
    expect(await append(writer, 'a', events)).toEqual({ revision: 1, position: 2 });
    await writer.close();
  });

  it('does not let an old reader stop it, tells of the WAL, and gives its space back', async () => {
    let now = Date.now();
    const store = await open({ ...systemClock, now: () => now });
    await store.append('a', newEvents(1), NO_STREAM);
    const wal = () => statSync(join(folder, 'events.db-wal')).size;
    const reader = new DatabaseSync(join(folder, 'events.db'), { readOnly: true });
    reader.exec('BEGIN');
    expect(reader.prepare('SELECT count(*) AS events FROM events').get()).toEqual({ events: 1 });

    let revision = NO_STREAM;
    const appendLarge = async () => {
      ({ revision } = await store.append('b', [large()], revision));
    };
    expect(store.walHeldFor()).toBe(0);
    for (let count = 0; count < 40; count += 1) await appendLarge();
    now += 42_000;
    expect(store.walBytes()).toBeGreaterThan(40 * MEBIBYTE);
    expect(store.walHeldFor()).toBe(42_000);
    expect(await store.readStream('b')).toHaveLength(40);
    expect(reader.prepare('SELECT count(*) AS events FROM events').get()).toEqual({ events: 1 });

    reader.exec('COMMIT');
    reader.close();
    await appendLarge();
    await appendLarge();
    expect(store.walBytes()).toBeLessThan(4 * MEBIBYTE);
    expect(store.walHeldFor()).toBe(0);
    expect(wal()).toBeLessThan(20 * MEBIBYTE);
    await store.close();
  }, 60_000);

  it('ends in the face of an I/O error, for all that wait and for whoever comes later', async () => {
    const script = fileOf('./io-error-process.ts');
    const node = `ulimit -f 2048; exec '${process.execPath}' --conditions=ledger-source`;
    const child = spawn('sh', ['-c', `${node} '${script}' '${folder}'`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(JSON.parse(await text(child.stdout))).toEqual({
      waiting: Array(4).fill('StoreBroken'),
      later: 'StoreBroken',
      reading: 'StoreBroken',
    });
    const store = await open();
    expect(await store.readStream('a')).toHaveLength(1);
    await store.close();
  }, 30_000);

  it('is broken for all that wait and for whoever comes later when its writer dies', async () => {
    const deaf = `const { parentPort } = require('node:worker_threads');
      parentPort.on('message', () => {});
      parentPort.postMessage({ said: 'ready' });`;
    const worker = new Worker(deaf, { eval: true });
    const writer = await GroupCommit.start(worker, systemClock, () => undefined);
    const inFlight = append(writer, 'a', newEvents(1));
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const waiting = append(writer, 'b', newEvents(1));
    void worker.terminate();
    const outcomes = await Promise.allSettled([inFlight, waiting]);
    const broken = { reason: expect.any(StoreBroken) };
    expect(outcomes).toMatchObject([broken, broken]);
    await expect(append(writer, 'c', newEvents(1))).rejects.toThrow(StoreBroken);
    expect(writer.broken).toBeInstanceOf(StoreBroken);
    await writer.close();
  });

  it('refuses a file of a newer build, and leaves it as it is', async () => {
    await (await open()).close();
    const file = new DatabaseSync(join(folder, 'events.db'));
    file.exec('PRAGMA user_version=99');
    await expect(open()).rejects.toThrow(StoreRefused);
    await expect(open()).rejects.toThrow(/version 99 .* knows \d+: start the newer build/);
    expect(file.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    file.close();
  });

  it('opens again what it has closed, with all that was in it', async () => {
    const first = await open();
    const events = newEvents(3);
    await first.append('a', events, NO_STREAM);
    await first.close();
    const second = await open();
    expect(second.identity).toEqual({ shard: 0, epoch: 1 });
    expect(await second.readStream('a')).toMatchObject(events);
    await expect(second.append('a', newEvents(1), NO_STREAM)).rejects.toMatchObject({ actual: 2 });
    await second.close();
  });

  it('does not start on what is no database', async () => {
    writeFileSync(join(folder, 'events.db'), 'x'.repeat(10_000));
    await expect(open()).rejects.toThrow(StoreBroken);
  });
});

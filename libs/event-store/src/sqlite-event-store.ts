import { mkdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { checkAppend } from '#event-store/append-limits.js';
import { CommitBell } from '#event-store/commit-bell.js';
import { StoreUnavailable } from '#event-store/event-store.js';
import type {
  Appended,
  EventStore,
  NewEvent,
  RecordedEvent,
  StoreIdentity,
  StreamCursor,
  StreamPage,
} from '#event-store/event-store.js';
import { GroupCommit } from '#event-store/group-commit.js';
import { refuseNetworkFileSystem } from '#event-store/local-file-system.js';
import { asStoreTrouble } from '#event-store/sqlite-errors.js';
import { SqliteReader } from '#event-store/sqlite-reader.js';
import { openForReads } from '#event-store/sqlite-schema.js';
import { WalGauge } from '#event-store/wal-gauge.js';
import type { Clock } from '#runtime/clock.js';

/** Events of one page: larger ones gain nothing, and hold up everything else on this thread. */
const PAGE = 1_000;

/** Milliseconds after which a subscription looks for what other processes have appended. */
const POLL = 250;

export type SqliteEventStoreOptions = Readonly<{ folder: string; clock: Clock }>;

/**
 * The store in `folder/events.db`, which is made where there is none. Any number of processes may
 * have it open.
 *
 * @throws {StoreRefused} a newer build wrote it, or the folder is on a network file system.
 * @throws {StoreUnavailable} another process holds it, or the disk is full.
 * @throws {StoreBroken} it cannot be read.
 */
export const openSqliteEventStore = async ({
  folder,
  clock,
}: SqliteEventStoreOptions): Promise<SqliteEventStore> => {
  mkdirSync(folder, { recursive: true });
  refuseNetworkFileSystem(folder);
  const file = join(folder, 'events.db');
  const bell = new CommitBell(clock);
  const { writer, identity } = await GroupCommit.start(startWriter(file), clock, () => bell.ring());
  try {
    return new SqliteEventStore({ file, clock, bell, writer, identity });
  } catch (error) {
    await writer.close();
    throw asStoreTrouble(error);
  }
};

/** The writer's file stands beside this one, in dist as in source; from source, so do its imports. */
const startWriter = (file: string): Worker => {
  const extension = extname(import.meta.url);
  return new Worker(new URL(`./sqlite-writer${extension}`, import.meta.url), {
    workerData: file,
    ...(extension === '.ts' && { execArgv: ['--conditions=ledger-source'] }),
  });
};

/** What {@link openSqliteEventStore} opens. */
export class SqliteEventStore implements EventStore {
  readonly identity: StoreIdentity;
  readonly #bell: CommitBell;
  readonly #writer: GroupCommit;
  readonly #reader: SqliteReader;
  readonly #wal: WalGauge;
  #closed = false;

  constructor({
    file,
    clock,
    bell,
    writer,
    identity,
  }: Readonly<{
    file: string;
    clock: Clock;
    bell: CommitBell;
    writer: GroupCommit;
    identity: StoreIdentity;
  }>) {
    const database = openForReads(file);
    this.identity = identity;
    this.#bell = bell;
    this.#writer = writer;
    this.#reader = new SqliteReader(database);
    this.#wal = new WalGauge(database, clock);
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: number,
  ): Promise<Appended> {
    checkAppend(stream, events, expectedRevision);
    return this.#writer.append({ stream, events, expectedRevision });
  }

  readStream(
    stream: string,
    { from = 0, limit = Infinity }: Readonly<{ from?: number; limit?: number }> = {},
  ): Promise<readonly RecordedEvent[]> {
    return this.#inPages(limit, (last, count) =>
      this.#reader.ofStream(stream, last ? last.revision + 1 : from, count),
    );
  }

  readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return this.#inPages(limit, (last, count) =>
      this.#reader.after(last?.position ?? after, count),
    );
  }

  async readByStream(from: StreamCursor | undefined, limit: number): Promise<StreamPage> {
    const page = this.#read(() => this.#reader.byStream(from, Math.min(limit, PAGE)));
    if (page.events.length === PAGE) await turn();
    return page;
  }

  async head(): Promise<number> {
    return this.#read(() => this.#reader.head());
  }

  async *subscribe(after: number, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    let position = after;
    while (!signal.aborted) {
      const page = await this.readAll(position, PAGE);
      const last = page.at(-1);
      if (signal.aborted) return;
      if (last) {
        position = last.position;
        yield page;
        // Nothing can be committed unheard between an empty read and this: no other task runs there.
      } else await this.#bell.wait(POLL, signal);
    }
  }

  /** Bytes of the write-ahead log; see {@link WalGauge}. */
  walBytes(): number {
    return this.#read(() => this.#wal.bytes());
  }

  /** Milliseconds for which a reader has kept the write-ahead log from starting over; see {@link WalGauge}. */
  walHeldFor(): number {
    return this.#read(() => this.#wal.heldFor());
  }

  /** Appends that were taken are still made; subscriptions end with {@link StoreUnavailable}. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#reader.close();
      this.#bell.ring();
    }
    await this.#writer.close();
  }

  async #inPages(
    limit: number,
    read: (last: RecordedEvent | undefined, count: number) => readonly RecordedEvent[],
  ): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    while (events.length < limit) {
      const count = Math.min(limit - events.length, PAGE);
      const page = this.#read(() => read(events.at(-1), count));
      events.push(...page);
      // A full page took milliseconds: everything else on this thread has its turn.
      if (page.length === PAGE) await turn();
      if (page.length < count) break;
    }
    return events;
  }

  #read<Result>(read: () => Result): Result {
    if (this.#writer.broken) throw this.#writer.broken;
    if (this.#closed) throw new StoreUnavailable('closed', 'the store is closed');
    try {
      return read();
    } catch (error) {
      throw asStoreTrouble(error);
    }
  }
}

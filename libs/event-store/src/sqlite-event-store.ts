import { mkdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { checkAppend } from '#event-store/append-limits.js';
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
import { SqliteLog } from '#event-store/sqlite-log.js';
import type { Clock } from '#runtime/clock.js';

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
  const listeners: (() => void)[] = [];
  const writer = await GroupCommit.start(startWriter(file), clock, () => {
    for (const listener of listeners) listener();
  });
  try {
    const log = new SqliteLog({ file, clock, broken: () => writer.broken });
    listeners.push(() => log.wake());
    return new SqliteEventStore(log, writer, listeners);
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
  readonly #log: SqliteLog;
  readonly #writer: GroupCommit;
  readonly #listeners: (() => void)[];

  constructor(log: SqliteLog, writer: GroupCommit, listeners: (() => void)[]) {
    this.identity = log.identity;
    this.#log = log;
    this.#writer = writer;
    this.#listeners = listeners;
  }

  /** What tells it from every other store; its backups have it, and what is restored of them. */
  get id(): string {
    return this.#log.id;
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
    range?: Readonly<{ from?: number; limit?: number }>,
  ): Promise<readonly RecordedEvent[]> {
    return this.#log.readStream(stream, range);
  }

  readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return this.#log.readAll(after, limit);
  }

  readByStream(from: StreamCursor | undefined, limit: number): Promise<StreamPage> {
    return this.#log.readByStream(from, limit);
  }

  head(): Promise<number> {
    return this.#log.head();
  }

  subscribe(after: number, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    return this.#log.subscribe(after, signal);
  }

  /** The position up to which its log is that of an earlier epoch, too; undefined where that is not known. */
  agreesUpTo(epoch: number): Promise<number | undefined> {
    return this.#log.agreesUpTo(epoch);
  }

  /** `listener` is called whenever this store has appended something: for who reads it on their own. */
  onCommit(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Bytes of the write-ahead log; see {@link WalGauge}. */
  walBytes(): number {
    return this.#log.walBytes();
  }

  /** Milliseconds for which a reader has kept the write-ahead log from starting over; see {@link WalGauge}. */
  walHeldFor(): number {
    return this.#log.walHeldFor();
  }

  /** Appends that were taken are still made; subscriptions end with {@link StoreUnavailable}. */
  async close(): Promise<void> {
    await this.#log.close();
    await this.#writer.close();
  }
}

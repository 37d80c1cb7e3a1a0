import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { CommitBell } from '#event-store/commit-bell.js';
import { StoreUnavailable } from '#event-store/event-store.js';
import type {
  EventLog,
  RecordedEvent,
  StoreIdentity,
  StreamCursor,
  StreamPage,
} from '#event-store/event-store.js';
import { asStoreTrouble } from '#event-store/sqlite-errors.js';
import { SqliteReader } from '#event-store/sqlite-reader.js';
import { idOf, identityOf, openUpToDate } from '#event-store/sqlite-schema.js';
import { WalGauge } from '#event-store/wal-gauge.js';
import type { Clock } from '#runtime/clock.js';

/** Events of one page: larger ones gain nothing, and hold up everything else on this thread. */
const PAGE = 1_000;

/** Milliseconds after which a subscription looks for what was appended without its being told. */
const POLL = 250;

/**
 * The log in `folder/events.db`, which a store has made: for a thread, or a process, that appends nothing.
 *
 * @throws {StoreRefused} a newer build wrote it, or an older one and no ledger of this build was started on it.
 * @throws {StoreUnavailable | StoreBroken} it cannot be read, or is not there.
 */
export const openSqliteLog = ({
  folder,
  clock,
}: Readonly<{ folder: string; clock: Clock }>): SqliteLog => {
  try {
    return new SqliteLog({ file: join(folder, 'events.db'), clock });
  } catch (error) {
    throw asStoreTrouble(error);
  }
};

/** Reads on a connection of its own, whoever appends. */
export class SqliteLog implements EventLog {
  /** What tells it from every other store; its backups have it, and what is restored of them. */
  readonly id: string;
  readonly identity: StoreIdentity;
  readonly #reader: SqliteReader;
  readonly #wal: WalGauge;
  readonly #bell: CommitBell;
  readonly #broken: () => Error | undefined;
  #closed = false;

  /** @param parts `file` has been made, and is up to date; once it is `broken`, nothing is read any more. */
  constructor({
    file,
    clock,
    broken = () => undefined,
  }: Readonly<{ file: string; clock: Clock; broken?: () => Error | undefined }>) {
    const database = openUpToDate(file);
    this.id = idOf(database);
    this.identity = identityOf(database);
    this.#reader = new SqliteReader(database);
    this.#wal = new WalGauge(database, clock);
    this.#bell = new CommitBell(clock);
    this.#broken = broken;
  }

  /** Something was appended. Without it subscriptions notice that a little later. */
  wake(): void {
    this.#bell.ring();
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

  /** The position up to which this is the log of an earlier epoch, too; undefined where that is not known. */
  async agreesUpTo(epoch: number): Promise<number | undefined> {
    return this.#read(() => this.#reader.agreesUpTo(epoch));
  }

  /** Bytes of the write-ahead log; see {@link WalGauge}. */
  walBytes(): number {
    return this.#read(() => this.#wal.bytes());
  }

  /** Milliseconds for which a reader has kept the write-ahead log from starting over; see {@link WalGauge}. */
  walHeldFor(): number {
    return this.#read(() => this.#wal.heldFor());
  }

  /** Subscriptions end with {@link StoreUnavailable}. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
    this.#bell.ring();
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
    const broken = this.#broken();
    if (broken) throw broken;
    if (this.#closed) throw new StoreUnavailable('closed', 'the store is closed');
    try {
      return read();
    } catch (error) {
      throw asStoreTrouble(error);
    }
  }
}

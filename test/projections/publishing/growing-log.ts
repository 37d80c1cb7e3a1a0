import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { RecordedEvent, StoreIdentity } from '#event-store/event-store.js';
import type { PublishedLog } from '#projections/published-log.js';
import { ViewFold } from '#projections/view-fold.js';
import { openFresh } from '#projections/view-schema.js';
import { ViewStore } from '#projections/view-store.js';
import type { Snapshot } from '#projections/views-reader.js';

/**
 * A store to which the events of a given log are appended one after another, and its views, in memory,
 * which are projected as far as a test wants them to be.
 */
export class GrowingLog implements PublishedLog {
  readonly #all: readonly RecordedEvent[];
  #appended = 0;
  #shown = 0;
  #database!: DatabaseSync;
  #fold!: ViewFold;
  readonly #statements = new Map<string, StatementSync>();
  identity: StoreIdentity = { shard: 0, epoch: 1 };
  /** Up to where it is the log of each earlier epoch, as far as that is known. */
  agreements: ReadonlyMap<number, number> = new Map();

  constructor(all: readonly RecordedEvent[]) {
    this.#all = all;
    this.loseViews(0);
  }

  /** What is appended. */
  get events(): readonly RecordedEvent[] {
    return this.#all.slice(0, this.#appended);
  }

  /** How far the views are. */
  get shown(): number {
    return this.#shown;
  }

  append(events: number): void {
    this.#appended = Math.min(this.#appended + events, this.#all.length);
  }

  project(events: number): void {
    const next = this.events.slice(this.#shown, this.#shown + events);
    this.#fold.apply(next);
    this.#shown += next.length;
  }

  /** All of the log is appended, and shown. */
  catchUp(): void {
    this.append(this.#all.length);
    this.project(this.#all.length);
  }

  /** The views are as they were when they were so far: after a power loss, a little older. */
  loseViews(shown: number): void {
    this.#database = openFresh(':memory:');
    this.#statements.clear();
    this.#fold = new ViewFold(new ViewStore(this.#database));
    this.#shown = 0;
    this.project(shown);
  }

  readonly store = {
    log: this as GrowingLog,
    get identity(): StoreIdentity {
      return this.log.identity;
    },
    readAll: async (after: number, limit: number): Promise<readonly RecordedEvent[]> =>
      this.events.slice(after, after + limit),
    head: async (): Promise<number> => this.#appended,
    agreesUpTo: async (epoch: number): Promise<number | undefined> => this.agreements.get(epoch),
  };

  readonly views = {
    read: <Result>(read: (snapshot: Snapshot) => Result): Result =>
      read({ usable: true, asOf: this.#shown, rows: (sql, ...values) => this.#rows(sql, values) }),
  };

  #rows<Row extends readonly unknown[]>(sql: string, values: readonly SQLInputValue[]): Row[] {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement.all(...values) as unknown as Row[];
  }
}

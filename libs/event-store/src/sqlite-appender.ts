import type { DatabaseSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import { COLUMNS, ROWS, prepareStatements } from '#event-store/append-statements.js';
import type { AppendStatements } from '#event-store/append-statements.js';
import { NO_STREAM } from '#event-store/event-store.js';
import type { NewEvent } from '#event-store/event-store.js';
import { passingTrouble } from '#event-store/sqlite-errors.js';
import type { Append, Outcome } from '#event-store/writer-protocol.js';

/** Where a stream stands; it has no id before its first event. */
type Head = { id: number | undefined; revision: number };

/** Streams whose head is kept in memory: those being written to are few at any time. */
const HEADS = 16_384;

/**
 * Appends in groups, each group one durable transaction.
 *
 * A transaction begins with the write lock, and SQLite says whether another process has committed
 * since ours did. So what is in memory is exact whenever it is used, every conflict is known before a
 * row of its append is written, there is nothing to undo but whole transactions, and rows of several
 * appends go in one INSERT. Should that ever be wrong, the unique index over stream and revision fails
 * the transaction: nothing false is written.
 */
export class SqliteAppender {
  readonly #database: DatabaseSync;
  readonly #statements: AppendStatements;
  readonly #heads = new LRUCache<string, Head>({ max: HEADS });
  /** What is in memory is exact while this is SQLite's; undefined where it is not to be relied on. */
  #dataVersion: number | undefined;
  #position = 0;
  #lastStream = 0;
  /** What the transaction under way has taken, and became of it so far. */
  #group: Append[] = [];
  #outcomes: Outcome[] = [];
  #recordedAt = 0;
  /** What ended the transaction before its commit. */
  #trouble: unknown;
  /** Values of the rows that the next INSERT takes, row after row. */
  #rows: (string | number)[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /**
   * Takes appends into the transaction that the next {@link commit} ends. `recordedAt`: milliseconds
   * since 1970.
   */
  take(appends: readonly Append[], recordedAt: number): void {
    this.#group.push(...appends);
    this.#recordedAt = recordedAt;
    // The rest of a group that is lost: it is only kept for the next try.
    if (this.#trouble !== undefined) return;
    try {
      if (!this.#database.isTransaction) this.#begin();
      for (const append of appends) this.#outcomes.push(this.#append(append, recordedAt));
    } catch (error) {
      this.#trouble = error;
    }
  }

  /**
   * Makes durable what was taken: one outcome for each append, in order.
   *
   * @throws {Error} an I/O error or worse: what was written is unknown.
   */
  commit(): Outcome[] {
    const appends = this.#group;
    try {
      if (this.#trouble !== undefined) throw this.#trouble;
      this.#insertRows();
      this.#statements.commit.get();
      return this.#outcomes;
    } catch (error) {
      // Some of SQLite's errors have ended the transaction by themselves.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#dataVersion = undefined;
      this.#rows = [];
      const trouble = passingTrouble(error);
      if (trouble === undefined) throw error;
      if (trouble === 'busy' || appends.length === 1) return appends.map(() => ({ kind: trouble }));
      // What does not fit must not keep out what does: find it by halves.
      this.#forget();
      const half = appends.length >> 1;
      return [appends.slice(0, half), appends.slice(half)].flatMap((some) => {
        this.take(some, this.#recordedAt);
        return this.commit();
      });
    } finally {
      this.#forget();
    }
  }

  #forget(): void {
    this.#group = [];
    this.#outcomes = [];
    this.#trouble = undefined;
  }

  #begin(): void {
    const { begin, dataVersion, lastPosition, lastStream } = this.#statements;
    begin.get();
    const version = numberIn(dataVersion.get());
    if (version === this.#dataVersion) return;
    this.#heads.clear();
    this.#position = numberIn(lastPosition.get()) ?? 0;
    this.#lastStream = numberIn(lastStream.get()) ?? 0;
    this.#dataVersion = version;
  }

  #append(append: Append, recordedAt: number): Outcome {
    const { stream, events, expectedRevision } = append;
    const head = this.#heads.get(stream) ?? this.#headOnDisk(stream);
    if (head.revision !== expectedRevision)
      return this.#appendedBefore(append, head) ?? { kind: 'conflict', actual: head.revision };
    if (head.id === undefined) {
      head.id = ++this.#lastStream;
      this.#statements.newStream.get(head.id, stream);
    }
    for (const { eventId, type, data, metadata } of events) {
      this.#position += 1;
      head.revision += 1;
      const { id, revision } = head;
      this.#rows.push(this.#position, id, revision, eventId, type, recordedAt, data, metadata);
      if (this.#rows.length === ROWS * COLUMNS) this.#insertRows();
    }
    return { kind: 'appended', revision: head.revision, position: this.#position };
  }

  #insertRows(): void {
    if (this.#rows.length === 0) return;
    this.#statements.inserts[this.#rows.length / COLUMNS]!.get(...this.#rows);
    this.#rows = [];
  }

  #headOnDisk(stream: string): Head {
    const id = numberIn(this.#statements.idOfStream.get(stream));
    const revision = id === undefined ? undefined : this.#statements.lastRevision.get(id);
    const head = { id, revision: numberIn(revision) ?? NO_STREAM };
    this.#heads.set(stream, head);
    return head;
  }

  /** Where the stream holds these very events at this place already, what was said of them then. */
  #appendedBefore({ expectedRevision, events }: Append, head: Head): Outcome | undefined {
    const revision = expectedRevision + events.length;
    if (head.id === undefined || head.revision < revision) return undefined;
    // They may be of this very group, and not inserted yet.
    this.#insertRows();
    const rows = this.#statements.eventsBetween.all(head.id, expectedRevision + 1, revision);
    const stored = rows as unknown as StoredEvent[];
    if (!events.every((event, index) => isStored(event, stored[index]))) return undefined;
    return { kind: 'appended', revision, position: stored.at(-1)![4] };
  }
}

type StoredEvent = [
  eventId: string,
  type: string,
  data: string,
  metadata: string,
  position: number,
];

/**
 * To the letter: the event ids come of the command id alone, so that two processes that decide one
 * command at once, or two commands under one id, append other events under the same ids.
 */
const isStored = (
  { eventId, type, data, metadata }: NewEvent,
  stored: StoredEvent | undefined,
): boolean =>
  stored !== undefined &&
  eventId === stored[0] &&
  type === stored[1] &&
  data === stored[2] &&
  metadata === stored[3];

const numberIn = (row: unknown): number | undefined =>
  (row as readonly [number | null] | undefined)?.[0] ?? undefined;

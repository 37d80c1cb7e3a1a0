import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RecordedEvent, StreamCursor, StreamPage } from '#event-store/event-store.js';

type Row = [string, number, number, number, string, string, number, string, string];

const COLUMNS = `streams.name, streams.id, events.revision, events.position, events.event_id,
  events.type, events.time, events.data, events.metadata`;

const toEvent = ([
  stream,
  ,
  revision,
  position,
  eventId,
  type,
  recordedAt,
  data,
  metadata,
]: Row): RecordedEvent => ({
  eventId,
  type,
  data,
  metadata,
  stream,
  revision,
  position,
  recordedAt,
});

/**
 * Reads on a connection of its own, at most `limit` events at a time. Each read is over when it
 * returns: a statement left open across an await would keep its snapshot, and the WAL would grow for
 * as long. CROSS JOIN is SQLite's way to say in which order the tables are walked.
 */
export class SqliteReader {
  readonly #database: DatabaseSync;
  readonly #idOfStream: StatementSync;
  readonly #ofStream: StatementSync;
  readonly #after: StatementSync;
  readonly #byStream: StatementSync;
  readonly #head: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#idOfStream = database.prepare('SELECT id FROM streams WHERE name = ?');
    this.#ofStream = database.prepare(
      `SELECT ${COLUMNS} FROM streams CROSS JOIN events ON events.stream = streams.id
       WHERE streams.id = ? AND events.revision >= ? ORDER BY events.revision LIMIT ?`,
    );
    this.#after = database.prepare(
      `SELECT ${COLUMNS} FROM events CROSS JOIN streams ON streams.id = events.stream
       WHERE events.position > ? ORDER BY events.position LIMIT ?`,
    );
    this.#byStream = database.prepare(
      `SELECT ${COLUMNS} FROM events CROSS JOIN streams ON streams.id = events.stream
       WHERE (events.stream, events.revision) > (?, ?)
       ORDER BY events.stream, events.revision LIMIT ?`,
    );
    this.#head = database.prepare('SELECT max(position) FROM events');
  }

  /** A stream's events from revision `from` on. */
  ofStream(stream: string, from: number, limit: number): RecordedEvent[] {
    const row = this.#idOfStream.get(stream) as unknown as [number] | undefined;
    // So every new authorization begins, and the index of names alone says so in a quarter of the time.
    if (row === undefined) return [];
    return rows(this.#ofStream.all(row[0], from, limit)).map(toEvent);
  }

  /** The log after `position`. */
  after(position: number, limit: number): RecordedEvent[] {
    return rows(this.#after.all(position, limit)).map(toEvent);
  }

  /** The log grouped by stream. */
  byStream(from: StreamCursor | undefined, limit: number): StreamPage {
    const found = rows(this.#byStream.all(from?.stream ?? 0, from?.revision ?? -1, limit));
    const last = found.length < limit ? undefined : found.at(-1);
    return { events: found.map(toEvent), next: last && { stream: last[1], revision: last[2] } };
  }

  head(): number {
    const [position] = this.#head.get() as unknown as [number | null];
    return position ?? 0;
  }

  /** Of an earlier epoch; undefined where nothing is known of it. Asked once in a process, if at all. */
  agreesUpTo(epoch: number): number | undefined {
    const found = this.#database.prepare('SELECT position FROM agreements WHERE epoch = ?');
    return (found.get(epoch) as unknown as [number] | undefined)?.[0];
  }

  close(): void {
    this.#database.close();
  }
}

/** The connection returns arrays, which `node:sqlite`'s types do not know: objects cost half as much again. */
const rows = (found: unknown): Row[] => found as Row[];

/** The `expectedRevision` of a stream to which nothing has been written yet. */
export const NO_STREAM = -1;

/**
 * An event as it is handed over. `data` and `metadata` are JSON in canonical form (RFC 8785): what is
 * stored is what was hashed, on every store.
 */
export type NewEvent = Readonly<{
  eventId: string;
  type: string;
  data: string;
  metadata: string;
}>;

/** An event as it was stored, and where. */
export type RecordedEvent = NewEvent &
  Readonly<{
    stream: string;
    /** Its place in its stream: 0, 1, 2 … without gap. */
    revision: number;
    /** Its place in the log of the whole store: it only grows. */
    position: number;
    /** Milliseconds since 1970, by the clock of the store's host. No rule reads it. */
    recordedAt: number;
  }>;

/** What was appended: the revision and position of the last event. */
export type Appended = Readonly<{ revision: number; position: number }>;

/** A place in the log read by stream; opaque to callers. */
export type StreamCursor = Readonly<{ stream: number; revision: number }>;

export type StreamPage = Readonly<{
  events: readonly RecordedEvent[];
  /** Where to go on; undefined at the end. */
  next: StreamCursor | undefined;
}>;

/** What a reader must know of a store to place what it reads: see the reader's rule, ARCHITECTURE.md. */
export type StoreIdentity = Readonly<{
  /** Which log of how many this is; 0 where there is one. */
  shard: number;
  /** 1, and raised only when a store is restored from a backup. */
  epoch: number;
}>;

/**
 * History, for whoever only reads it.
 *
 * Every method may reject with {@link StoreUnavailable} (the same call may succeed later) or
 * {@link StoreBroken} (the process must end).
 */
export interface EventLog {
  readonly identity: StoreIdentity;

  /** The stream's events from revision `from` (default 0), at most `limit` (default all). Unknown: empty. */
  readStream(
    stream: string,
    range?: Readonly<{ from?: number; limit?: number }>,
  ): Promise<readonly RecordedEvent[]>;

  /** At most `limit` events of the whole log with a position greater than `after` (0 = all), in order. */
  readAll(after: number, limit: number): Promise<readonly RecordedEvent[]>;

  /** The log grouped by stream, each stream's events by revision: for a rebuild. At most `limit` events. */
  readByStream(from: StreamCursor | undefined, limit: number): Promise<StreamPage>;

  /** The position of the last event; 0 where there is none. */
  head(): Promise<number>;

  /**
   * Every event after `after`, in pages, in order, without gap; catches up, then follows. Ends when
   * `signal` is aborted. A page is never empty.
   */
  subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]>;

  close(): Promise<void>;
}

/**
 * Where history is kept. There is no write without an expected revision.
 *
 * Every method may reject with {@link StoreUnavailable} (nothing was done; the same call may succeed
 * later) or {@link StoreBroken} (the process must end; the next one finds out what was written).
 */
export interface EventStore extends EventLog {
  /**
   * Appends all of the events to one stream, or none, durably.
   *
   * The identical append at the identical expected revision succeeds again and adds nothing, so that
   * an append whose answer was lost can be sent again. Identical is what has the same event ids and
   * the same bytes: two processes may decide two commands under one id at once, and their events then
   * have the same ids; the second must hear of the conflict. Appends to one stream are never pipelined by
   * their callers.
   *
   * @throws {WrongExpectedRevision} the stream has moved on; nothing was written.
   * @throws {AppendTooLarge} nothing was written; send it in parts.
   * @throws {AppendAmbiguous} the answer was lost: send the identical append again.
   */
  append(stream: string, events: readonly NewEvent[], expectedRevision: number): Promise<Appended>;
}

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  readonly stream: string;
  readonly expected: number;
  readonly actual: number;

  constructor(stream: string, expected: number, actual: number) {
    super(`${stream}: expected revision ${expected}, found ${actual}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/** More events or bytes than one append takes. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';
}

/** It is not known whether the append was made. The identical append again tells. */
export class AppendAmbiguous extends Error {
  override readonly name = 'AppendAmbiguous';
}

/** Busy, full or away, or another store is meant: nothing was done, and the same call may succeed later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly why: 'busy' | 'full' | 'unreachable' | 'closed' | 'elsewhere';

  constructor(why: StoreUnavailable['why'], message: string) {
    super(message);
    this.why = why;
  }
}

/** An I/O error, a failed fsync, a dead writer: the process must end. */
export class StoreBroken extends Error {
  override readonly name = 'StoreBroken';
}

/** This one stream cannot be used: deleted, torn, its chain broken. Others can. */
export class StreamUnusable extends Error {
  override readonly name = 'StreamUnusable';
  readonly stream: string;

  constructor(stream: string, message: string) {
    super(`${stream}: ${message}`);
    this.stream = stream;
  }
}

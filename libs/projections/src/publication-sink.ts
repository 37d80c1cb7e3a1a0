import type { ViewName } from './view-versions.js';

/** Where a record goes: to the topic of the events, or to that of a view. Adapters know the topics. */
export type Channel = 'events' | ViewName;

export type PublishedRecord = Readonly<{
  channel: Channel;
  key: string;
  /** JSON; null in the channel of a view: the key is deleted. */
  value: string | null;
  headers: Readonly<Record<string, string>>;
}>;

/**
 * Where one shard is published to. It has one user, who waits for each call before the next; only while
 * {@link keys} are read may there be others.
 */
export interface PublicationSink {
  /**
   * Fences every other publisher of the shard: from here on whatever they send or commit is refused, also
   * what is under way. Called again, it begins anew.
   *
   * @throws the driver's error: it is closed.
   */
  fence(): Promise<void>;

  /**
   * The checkpoint that was committed last, or null where there is none. From {@link fence} until it
   * publishes, that is the last; else it is what can be seen now, and another commit may be on its way.
   *
   * @throws the driver's error: it is closed.
   */
  lastCheckpoint(): Promise<Buffer | null>;

  /**
   * Writes all of the records, in order, and the checkpoint, in one transaction: readers who read what is
   * committed see all of it, or nothing.
   *
   * @throws {PublisherFenced} (by its name) another publisher has been opened, or the broker thought so.
   * @throws the driver's error. After either it is not known whether the transaction was committed: the
   *   sink is closed, and {@link fence} and {@link lastCheckpoint} tell.
   */
  publish(records: readonly PublishedRecord[], checkpoint: Buffer): Promise<void>;

  /**
   * Whether any event was ever committed.
   *
   * @throws the driver's error: it is closed.
   */
  holdsEvents(): Promise<boolean>;

  /**
   * Those of the channels to which nothing was ever written, whatever became of it: their topics are new,
   * or were lost and made anew.
   *
   * @throws the driver's error: it is closed.
   */
  neverWritten(channels: readonly Channel[]): Promise<ReadonlySet<Channel>>;

  /**
   * The keys of a view whose records are there when this is called, in pages. A key may come more than
   * once, and one that was deleted may come, too.
   *
   * @throws the driver's error, or that it was closed.
   */
  keys(view: ViewName): AsyncIterable<readonly string[]>;

  /** Leaves no transaction open, and ends what is being read. Never rejects. */
  close(): Promise<void>;
}

/** Whether a sink was fenced. An adapter is of another room, and shares no class with this one. */
export const isFenced = (error: unknown): boolean =>
  error instanceof Error && error.name === 'PublisherFenced';

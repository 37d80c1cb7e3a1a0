import type { Channel, PublicationSink, PublishedRecord } from '#projections/publication-sink.js';
import type { ViewName } from '#projections/view-versions.js';
import type { KeptTopics, Session } from './kept-topics.js';

/** Few enough for several pages in a small world. */
const KEYS_OF_PAGE = 40;

/** What a sink asks its cluster for. */
export type Call = 'fence' | 'look' | 'read keys' | 'write' | 'commit';

/** Brings a call to the cluster, where `effect` is what happens, and its answer back. */
export type Carry = <Result>(call: Call, effect: () => Result) => Promise<Result>;

/**
 * A sink for {@link KeptTopics}, whatever it is that lies between. What is on its way may arrive when its
 * process has ended, and is then judged by its session, as a broker does.
 */
export class CarriedSink implements PublicationSink {
  readonly #topics: KeptTopics;
  readonly #carry: Carry;
  #session: Session | undefined;

  constructor(topics: KeptTopics, carry: Carry) {
    this.#topics = topics;
    this.#carry = carry;
  }

  async fence(): Promise<void> {
    await this.close();
    const session = {};
    await this.#carry('fence', () => this.#topics.open(session));
    this.#session = session;
  }

  lastCheckpoint(): Promise<Buffer | null> {
    return this.#carry('look', () => this.#topics.checkpoint);
  }

  async publish(records: readonly PublishedRecord[], checkpoint: Buffer): Promise<void> {
    const session = this.#opened();
    const topics = this.#topics;
    try {
      await this.#carry('write', () => topics.write(session, { records, checkpoint }));
      await this.#carry('commit', () => topics.end(session));
    } catch (error) {
      this.#session = undefined;
      throw error;
    }
  }

  holdsEvents(): Promise<boolean> {
    return this.#carry('look', () => this.#topics.of('events').length > 0);
  }

  neverWritten(channels: readonly Channel[]): Promise<ReadonlySet<Channel>> {
    return this.#carry(
      'look',
      () => new Set(channels.filter((channel) => !this.#topics.written.has(channel))),
    );
  }

  /** In the order of the topic, with all that was deleted since. */
  async *keys(view: ViewName): AsyncGenerator<readonly string[]> {
    const records = this.#topics.of(view).filter(({ value }) => value !== null);
    for (let from = 0; from < records.length; from += KEYS_OF_PAGE) {
      this.#opened();
      yield await this.#carry('read keys', () =>
        records.slice(from, from + KEYS_OF_PAGE).map(({ key }) => key),
      );
    }
  }

  async close(): Promise<void> {
    this.#session = undefined;
  }

  #opened(): Session {
    if (!this.#session) throw new Error('closed');
    return this.#session;
  }
}

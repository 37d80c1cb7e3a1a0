// What a Kafka cluster keeps of a publication, in memory, and a sink for it that fails as it is told: a
// double for faults that a broker cannot be made to show at will. That it does what a sink must is shown
// by test/contracts/publication-sink.contract.ts, which the adapter of Kafka has to pass as well.
import { decodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';
import type { Channel, PublicationSink, PublishedRecord } from '#projections/publication-sink.js';
import type { ViewName } from '#projections/view-versions.js';

/**
 * What befalls a call: `refused`: nothing is done; `lost`: it is done, and the answer is lost; `late`: the
 * same, but done only when the next publisher is opened; `fenced`: another publisher has been opened;
 * `killed`: the process ends before it; `killedAfter`: it is done, and the process has ended.
 */
export type Fault = 'refused' | 'lost' | 'late' | 'fenced' | 'killed' | 'killedAfter';

/** Few enough for several pages in a small world. */
const KEYS_OF_PAGE = 40;

type Transaction = Readonly<{ records: readonly PublishedRecord[]; checkpoint: Buffer }>;

/** The topics, as whoever reads what is committed sees them. */
export class KeptTopics {
  readonly records: PublishedRecord[] = [];
  /** How many records there were after each transaction. */
  readonly transactions: number[] = [];
  checkpoint: Buffer | null = null;
  /** Whom the broker believes. */
  publisher: object | undefined;
  /** Sent to the broker by one that has heard nothing since. */
  late: Transaction | undefined;

  commit({ records, checkpoint }: Transaction): void {
    this.records.push(...records);
    this.transactions.push(this.records.length);
    this.checkpoint = checkpoint;
  }

  of(channel: Channel): readonly PublishedRecord[] {
    return this.records.filter((record) => record.channel === channel);
  }

  /** The last value of each key, as compaction leaves them. */
  compacted(view: ViewName): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    for (const { key, value } of this.of(view)) {
      if (value === null) values.delete(key);
      else values.set(key, value);
    }
    return values;
  }

  get at(): PublicationCheckpoint | undefined {
    return (this.checkpoint && decodeCheckpoint(this.checkpoint)) ?? undefined;
  }
}

class PublisherFenced extends Error {
  override readonly name = 'PublisherFenced';
}

/** The sink of one process. */
export class KeptSink implements PublicationSink {
  readonly #topics: KeptTopics;
  /** Taken one by one, call by call. */
  readonly #faults: (Fault | undefined)[];
  #open: object | undefined;
  #killed = false;

  constructor(topics: KeptTopics, faults: (Fault | undefined)[] = []) {
    this.#topics = topics;
    this.#faults = faults;
  }

  get killed(): boolean {
    return this.#killed;
  }

  async open(): Promise<Buffer | null> {
    await this.close();
    return this.#call(() => {
      const { late } = this.#topics;
      if (late) this.#topics.commit(late);
      this.#topics.late = undefined;
      this.#open = {};
      this.#topics.publisher = this.#open;
      return this.#topics.checkpoint;
    });
  }

  async publish(records: readonly PublishedRecord[], checkpoint: Buffer): Promise<void> {
    const transaction = { records, checkpoint };
    try {
      await this.#call((isLate) => {
        this.#mustBeOpen();
        if (isLate) this.#topics.late = transaction;
        else this.#topics.commit(transaction);
      });
    } catch (error) {
      this.#open = undefined;
      throw error;
    }
  }

  async holdsEvents(): Promise<boolean> {
    return this.#topics.of('events').length > 0;
  }

  /** In the order of the topic, with all that was deleted since. */
  async *keys(view: ViewName): AsyncGenerator<readonly string[]> {
    const records = this.#topics.of(view).filter(({ value }) => value !== null);
    for (let from = 0; from < records.length; from += KEYS_OF_PAGE) {
      await this.#call(() => this.#mustBeOpen());
      yield records.slice(from, from + KEYS_OF_PAGE).map(({ key }) => key);
    }
  }

  async close(): Promise<void> {
    this.#open = undefined;
  }

  /** kill -9: nobody hears of anything any more. */
  kill(): void {
    this.#killed = true;
    this.#open = undefined;
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new Error('closed');
    if (this.#open !== this.#topics.publisher) throw new PublisherFenced('fenced');
  }

  async #call<Result>(effect: (isLate: boolean) => Result): Promise<Result> {
    await new Promise((resolve) => setImmediate(resolve));
    const fault = this.#killed ? 'killed' : this.#faults.shift();
    if (fault === 'refused') throw new Error('refused');
    if (fault === 'fenced') {
      this.#topics.publisher = {};
      throw new PublisherFenced('fenced');
    }
    if (fault === 'killed') return this.#die();
    const result = effect(fault === 'late');
    if (fault === 'killedAfter') return this.#die();
    if (fault !== undefined) throw new Error('no answer');
    return result;
  }

  #die(): Promise<never> {
    this.kill();
    return new Promise<never>(() => undefined);
  }
}

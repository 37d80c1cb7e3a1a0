// What a Kafka cluster keeps of a publication, in memory, and a sink for it that fails as it is told: a
// double for faults that a broker cannot be made to show at will. That it does what a sink must is shown
// by test/contracts/publication-sink.contract.ts, which the adapter of Kafka has to pass as well.
import { decodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';
import type { Channel, PublishedRecord } from '#projections/publication-sink.js';
import type { ViewName } from '#projections/view-versions.js';
import { CarriedSink } from './carried-sink.js';
import type { Call } from './carried-sink.js';

/**
 * What befalls a call: `refused`: nothing is done; `lost`: it is done, and the answer is lost; `late`: the
 * same, but done only when the next publisher is opened; `fenced`: another publisher has been opened;
 * `killed`: the process ends before it; `killedAfter`: it is done, and the process has ended.
 */
export type Fault = 'refused' | 'lost' | 'late' | 'fenced' | 'killed' | 'killedAfter';

export type Transaction = Readonly<{ records: readonly PublishedRecord[]; checkpoint: Buffer }>;

/** One opening of a sink: what a producer has of its transactional id, until the next one is opened. */
export type Session = object;

class PublisherFenced extends Error {
  override readonly name = 'PublisherFenced';
}

/** The topics, as whoever reads what is committed sees them. */
export class KeptTopics {
  readonly records: PublishedRecord[] = [];
  /** How many records there were after each transaction. */
  readonly transactions: number[] = [];
  checkpoint: Buffer | null = null;
  /** Whom the broker believes. */
  publisher: Session | undefined;
  /** Sent to the broker by one that has heard nothing since. */
  late: (() => void) | undefined;
  /** To which anything was written, be it aborted since. */
  readonly written = new Set<Channel>();
  /** Written, and read by nobody until it is committed. */
  #pending: Transaction | undefined;

  /** What is committed, in topics of their own. */
  copy(): KeptTopics {
    const copy = new KeptTopics();
    copy.records.push(...this.records);
    copy.transactions.push(...this.transactions);
    copy.checkpoint = this.checkpoint;
    for (const channel of this.written) copy.written.add(channel);
    return copy;
  }

  /** What another session has written and not committed is aborted. */
  open(session: Session): void {
    const { late } = this;
    this.late = undefined;
    late?.();
    this.#pending = undefined;
    this.publisher = session;
  }

  /** @throws {PublisherFenced} */
  write(session: Session, transaction: Transaction): void {
    this.#mustBe(session);
    this.#pending = transaction;
    for (const { channel } of transaction.records) this.written.add(channel);
  }

  /** @throws {PublisherFenced} */
  end(session: Session): void {
    this.#mustBe(session);
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.commit(pending);
  }

  commit({ records, checkpoint }: Transaction): void {
    for (const { channel } of records) this.written.add(channel);
    this.records.push(...records);
    this.transactions.push(this.records.length);
    this.checkpoint = checkpoint;
  }

  /** Whether there is a transaction that is neither committed nor aborted. */
  get isOpen(): boolean {
    return this.#pending !== undefined;
  }

  of(channel: Channel): readonly PublishedRecord[] {
    return this.records.filter((record) => record.channel === channel);
  }

  /** Its topic is lost, and made anew. */
  lose(channel: Channel): void {
    const left = this.records.filter((record) => record.channel !== channel);
    this.records.splice(0, Infinity, ...left);
    this.written.delete(channel);
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

  #mustBe(session: Session): void {
    if (session !== this.publisher) throw new PublisherFenced('fenced');
  }
}

/** The sink of one process. */
export class KeptSink extends CarriedSink {
  readonly #topics: KeptTopics;
  /** Taken one by one, call by call. */
  readonly #faults: (Fault | undefined)[];
  #killed = false;

  constructor(topics: KeptTopics, faults: (Fault | undefined)[] = []) {
    super(topics, (call, effect) => this.#carry(call, effect));
    this.#topics = topics;
    this.#faults = faults;
  }

  get killed(): boolean {
    return this.#killed;
  }

  /** kill -9: nobody hears of anything any more. */
  kill(): void {
    this.#killed = true;
  }

  async #carry<Result>(call: Call, effect: () => Result): Promise<Result> {
    // What befalls a transaction befalls its commit: without that, what was written is as if it were not.
    const goesWell = call === 'write' || call === 'look';
    if (!goesWell) await new Promise((resolve) => setImmediate(resolve));
    if (this.#killed) return this.#die();
    const fault = goesWell ? undefined : this.#faults.shift();
    if (fault === undefined) return effect();
    if (fault === 'refused') throw new Error('refused');
    if (fault === 'killed') return this.#die();
    if (fault === 'fenced') {
      this.#topics.publisher = {};
      throw new PublisherFenced('fenced');
    }
    if (fault === 'late') this.#topics.late = effect;
    else effect();
    if (fault === 'killedAfter') return this.#die();
    throw new Error('no answer');
  }

  #die(): Promise<never> {
    this.kill();
    return new Promise<never>(() => undefined);
  }
}

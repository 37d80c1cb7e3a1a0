import type { StoreIdentity } from '#event-store/event-store.js';
import { decodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublishedRecord } from '#projections/publication-sink.js';
import { publishedViews } from '#projections/published-views.js';
import { comparable, foldedRecords, ledgerIn } from '../projections/publishing/expected-views.js';
import { KeptTopics } from '../projections/publishing/kept-topics.js';
import type { Session, Transaction } from '../projections/publishing/kept-topics.js';
import type { Findings } from './findings.js';
import type { SimulatedLog } from './simulated-log.js';

/** What the store publishes, looked at whenever readers see more of it. */
export class WitnessedTopics extends KeptTopics {
  readonly #findings: Findings;
  /** Of the last event that readers have. */
  #position = 0;
  /** Of each key of a view. */
  readonly #newest = new Map<string, readonly number[]>();
  readonly #atNextWrites: (() => void)[] = [];

  constructor(findings: Findings) {
    super();
    this.#findings = findings;
  }

  /** Happens when a transaction has been written next, and is not committed. */
  atNextWrite(happen: () => void): void {
    this.#atNextWrites.push(happen);
  }

  override write(session: Session, transaction: Transaction): void {
    super.write(session, transaction);
    for (const happen of this.#atNextWrites.splice(0)) happen();
  }

  override commit(transaction: Transaction): void {
    super.commit(transaction);
    for (const record of transaction.records)
      if (record.channel === 'events') this.#sawEvent(record);
      else this.#sawView(record);
    const { position = 0 } = decodeCheckpoint(transaction.checkpoint) ?? {};
    if (position > this.#position)
      this.#findings.violated('checkpoint_ahead', `${position}, published: ${this.#position}`);
  }

  /** When all is over: readers have the log, and its views. */
  prove(log: SimulatedLog, identity: StoreIdentity): void {
    const events = log.after(0, Infinity);
    const published = this.of('events').map(({ headers, value }) => `${headers['ce_id']} ${value}`);
    const stored = events.map(({ eventId, data }) => `${eventId} ${data}`);
    const at = stored.findIndex((one, index) => one !== published[index]);
    if (at >= 0) this.#findings.violated('event_missing', `position ${at + 1}: ${stored[at]}`);
    const folded = foldedRecords(events, publishedViews, identity);
    for (const view of publishedViews) {
      const own = folded.filter(({ channel }) => channel === view.name);
      const values = own.map(({ key, value }): [string, string] => [key, value ?? '']);
      const [kept, made] = [this.compacted(view.name), values].map((one) =>
        JSON.stringify([...comparable(view, one)]),
      );
      if (kept !== made)
        this.#findings.violated('views_differ', `published ${view.name}: ${kept}, not ${made}`);
    }
  }

  #sawEvent({ headers }: PublishedRecord): void {
    const position = Number(headers['ce_ledgerposition']);
    const what = `position ${position}, published: ${this.#position}`;
    if (position <= this.#position) this.#findings.violated('published_twice', what);
    if (position > this.#position + 1) this.#findings.violated('event_missing', what);
    this.#position = Math.max(this.#position, position);
  }

  /** By the reader's rule. */
  #sawView({ channel, key, value }: PublishedRecord): void {
    if (value === null) return;
    const { epoch, viewVersion, revision } = ledgerIn(value);
    const now = [epoch, viewVersion, revision];
    const before = this.#newest.get(`${channel} ${key}`) ?? now;
    const differs = now.findIndex((part, place) => part !== before[place]);
    if (differs >= 0 && now[differs]! < before[differs]!)
      this.#findings.violated(
        'view_set_back',
        `${channel} ${key}: ${now.join()}, before: ${before.join()}`,
      );
    this.#newest.set(`${channel} ${key}`, now);
  }
}

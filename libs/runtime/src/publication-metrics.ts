import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { SECONDS } from './metric-buckets.js';
import { readGauge } from './read-gauge.js';

type Found = Readonly<{ published: number; head: number }>;

/** Where the publication stands against the log; undefined where another process publishes, or none. */
export type PublicationPositions = Found | undefined;

/** What the process counts of events and views that it publishes to Kafka. */
export class PublicationMetrics {
  readonly #events: Counter;
  readonly #records: Counter;
  readonly #batchSeconds: Histogram;
  readonly #publishedAfter: Histogram;
  readonly #retries: Counter;
  readonly #fenced: Counter;
  readonly #halted: Gauge;
  #positions: () => Promise<PublicationPositions> = () => Promise.resolve(undefined);

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    const histogram = (name: string, help: string) =>
      new Histogram({ name, help, buckets: SECONDS, registers });
    this.#events = counter('ledger_published_events_total', 'Events published.');
    this.#records = counter('ledger_published_records_total', 'Records of events and views.');
    this.#batchSeconds = histogram(
      'ledger_publication_batch_seconds',
      'How long a batch took to be read, made, and committed in one transaction.',
    );
    this.#publishedAfter = histogram(
      'ledger_publication_seconds',
      'From an event’s being recorded to its being committed with its views; the last of each batch.',
    );
    this.#retries = counter(
      'ledger_publication_retries_total',
      'Times that the publisher began again at its checkpoint, because of the broker, the store or the views.',
    );
    this.#fenced = counter(
      'ledger_publication_fenced_total',
      'Times that the broker refused this publisher since another had taken over.',
    );
    this.#halted = new Gauge({
      name: 'ledger_publication_halted',
      help: '1 while the publisher stands still until an operator says where to go on: what to alert on.',
      registers,
    });
    const position = (name: string, help: string, value: (found: Found) => number): void => {
      const read = async (): Promise<number | undefined> => {
        const found = await this.#positions();
        return found && value(found);
      };
      readGauge(registry, { name, help, read });
    };
    position(
      'ledger_publication_position',
      'Position up to which all is published, of the process that publishes.',
      ({ published }) => published,
    );
    position(
      'ledger_publication_lag_events',
      'Events that are not published yet, of the process that publishes.',
      ({ published, head }) => head - published,
    );
  }

  /** Milliseconds, of the batch and since its last event was recorded. */
  published(
    batch: Readonly<{ events: number; records: number; milliseconds: number; behind: number }>,
  ): void {
    this.#events.inc(batch.events);
    this.#records.inc(batch.records);
    this.#batchSeconds.observe(batch.milliseconds / 1_000);
    this.#publishedAfter.observe(batch.behind / 1_000);
  }

  retried(): void {
    this.#retries.inc();
  }

  fenced(): void {
    this.#fenced.inc();
  }

  halted(now: boolean): void {
    this.#halted.set(now ? 1 : 0);
  }

  /** Asked for whenever somebody collects. */
  readPositions(read: () => Promise<PublicationPositions>): void {
    this.#positions = read;
  }
}

import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { KafkaMetrics } from './kafka-metrics.js';
import { SECONDS } from './metric-buckets.js';
import { PublicationMetrics } from './publication-metrics.js';
import { readGauge } from './read-gauge.js';

/** What is counted of an answer. `Answer` of libs/commands is one. */
type Answered = Readonly<{
  commandType?: string;
  outcome: 'accepted' | 'rejected' | 'invalid' | 'failed';
  reason?: string;
}>;

/** Where the log ends, how far the views have come, and how long the write-ahead log is. */
export type Positions = Readonly<{ head: number; shown: number; walBytes: number }>;

const NOWHERE: Positions = { head: 0, shown: 0, walBytes: 0 };

/**
 * What the process counts, for `/metrics`. The rooms tell what happened through their observers; the
 * app hands that on to these methods. A registry of its own, so that two in one process do not mix.
 */
export class LedgerMetrics {
  readonly #registry = new Registry();
  readonly kafka = new KafkaMetrics(this.#registry);
  readonly publication = new PublicationMetrics(this.#registry);
  #positions: () => Promise<Positions> = () => Promise.resolve(NOWHERE);

  readonly #commands = new Counter({
    name: 'ledger_commands_total',
    help: 'Commands answered, by type, outcome and reason of a refusal or failure.',
    labelNames: ['type', 'outcome', 'reason'] as const,
    registers: [this.#registry],
  });
  readonly #anomalies = new Counter({
    name: 'ledger_anomalies_total',
    help: 'Facts recorded that break a bound, contradict what is known or cannot be placed, by kind.',
    labelNames: ['kind'] as const,
    registers: [this.#registry],
  });
  readonly #repeats = new Counter({
    name: 'ledger_repeats_total',
    help: 'Commands that had been decided before and were given the recorded answer again.',
    registers: [this.#registry],
  });
  readonly #answerSeconds = new Histogram({
    name: 'ledger_answer_seconds',
    help: 'From a command’s arrival to its answer.',
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #appendSeconds = new Histogram({
    name: 'ledger_append_seconds',
    help: 'How long a durable append to the event store took.',
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #conflicts = new Counter({
    name: 'ledger_append_conflicts_total',
    help: 'Appends that found their stream moved on, and were decided again.',
    registers: [this.#registry],
  });
  readonly #shownAfter = new Histogram({
    name: 'ledger_projection_seconds',
    help: 'From an event’s being recorded to its being shown by the views; the last of each batch.',
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #resends = new Counter({
    name: 'ledger_append_resends_total',
    help: 'Identical appends sent again because their answer was lost.',
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.#position('ledger_store_position', 'Position of the last event.', ({ head }) => head);
    this.#position(
      'ledger_projection_position',
      'Position that the views show, whichever process keeps them.',
      ({ shown }) => shown,
    );
    this.#position(
      'ledger_projection_lag_events',
      'How many events the views are behind.',
      ({ head, shown }) => head - shown,
    );
    this.#position(
      'ledger_store_wal_bytes',
      'Length of the event store’s write-ahead log; an old reader keeps it from starting over.',
      ({ walBytes }) => walBytes,
    );
  }

  /** Its type is counted only where it was understood: a sender cannot make labels of words of its own. */
  answered(answer: Answered, about: Readonly<{ repeat: boolean; seconds: number }>): void {
    const { commandType, outcome, reason } = answer;
    const type = outcome === 'invalid' ? undefined : commandType;
    this.#commands.inc({ type: type ?? 'unknown', outcome, reason: reason ?? '' });
    this.#answerSeconds.observe(about.seconds);
    if (about.repeat) this.#repeats.inc();
  }

  /** A durable append, and how long the store took for it. */
  appended(seconds: number): void {
    this.#appendSeconds.observe(seconds);
  }

  anomaly(kind: string): void {
    this.#anomalies.inc({ kind });
  }

  conflicted(): void {
    this.#conflicts.inc();
  }

  /** The identical append was sent again: its answer was lost. */
  resent(): void {
    this.#resends.inc();
  }

  /** Where log and views stand is asked for whenever somebody collects. */
  readPositions(read: () => Promise<Positions>): void {
    this.#positions = read;
  }

  /** How long the last event of a batch took from being recorded to being shown. */
  shown(seconds: number): void {
    this.#shownAfter.observe(seconds);
  }

  /** In the text format of Prometheus, to be sent as {@link contentType}. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #position(name: string, help: string, value: (positions: Positions) => number): void {
    readGauge(this.#registry, { name, help, read: async () => value(await this.#positions()) });
  }
}

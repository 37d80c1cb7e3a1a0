import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { SECONDS } from './metric-buckets.js';

/** How many records of a partition were written and not yet worked off. */
export type PartitionBehind = Readonly<{ topic: string; partition: number; records: number }>;

/** What the process counts of commands that come over Kafka. */
export class KafkaMetrics {
  readonly #groupSeconds: Histogram;
  readonly #publishSeconds: Histogram;
  readonly #records: Counter;
  readonly #deadLetters: Counter<'reason'>;
  readonly #copiesFailed: Counter<'reason'>;
  readonly #publishFailures: Counter;
  readonly #resends: Counter;
  readonly #restarts: Counter;
  readonly #refusedCommits: Counter;
  readonly #consuming: Gauge;
  #behind: () => readonly PartitionBehind[] = () => [];
  #age: () => number = () => 0;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    const histogram = (name: string, help: string) =>
      new Histogram({ name, help, buckets: SECONDS, registers });
    this.#groupSeconds = histogram(
      'ledger_kafka_group_seconds',
      'From a group of records being handed over to its answers being acknowledged.',
    );
    this.#publishSeconds = histogram(
      'ledger_kafka_publish_seconds',
      'How long the answers of a group took to be acknowledged.',
    );
    this.#records = counter('ledger_kafka_records_total', 'Records worked off.');
    const age = (): number => this.#age();
    void new Gauge({
      name: 'ledger_kafka_oldest_record_seconds',
      help: 'Age of the oldest record that is handed over and not committed: what to alert on. 0: none.',
      registers,
      collect() {
        this.set(age() / 1_000);
      },
    });
    this.#deadLetters = new Counter({
      name: 'ledger_kafka_dead_letters_total',
      help: 'Records put among the dead letters, by reason.',
      labelNames: ['reason'] as const,
      registers,
    });
    this.#copiesFailed = new Counter({
      name: 'ledger_kafka_reply_copies_failed_total',
      help: 'Copies of answers that were not written to the topic that a caller named, by reason.',
      labelNames: ['reason'] as const,
      registers,
    });
    this.#publishFailures = counter(
      'ledger_kafka_publish_failures_total',
      'Times that answers were not acknowledged, and were published again.',
    );
    this.#resends = counter(
      'ledger_kafka_unacknowledged_partitions_total',
      'Partitions that a send said nothing of although it succeeded; they were sent again.',
    );
    this.#restarts = counter('ledger_kafka_consumer_restarts_total', 'Dead consumers replaced.');
    this.#refusedCommits = counter(
      'ledger_kafka_refused_commits_total',
      'Offsets that the broker refused, since the partitions were given to others.',
    );
    this.#consuming = new Gauge({
      name: 'ledger_kafka_consuming',
      help: '1 while commands are consumed, 0 while the broker is away or the group is being joined.',
      registers,
    });
    const behind = (): readonly PartitionBehind[] => this.#behind();
    void new Gauge({
      name: 'ledger_kafka_lag_records',
      help: 'Records written and not yet worked off, by partition that is ours; none while the broker is away.',
      labelNames: ['topic', 'partition'] as const,
      registers,
      collect() {
        this.reset();
        for (const { topic, partition, records } of behind()) {
          this.set({ topic, partition }, records);
        }
      },
    });
  }

  worked(group: Readonly<{ records: number; milliseconds: number }>): void {
    this.#records.inc(group.records);
    this.#groupSeconds.observe(group.milliseconds / 1_000);
  }

  published(milliseconds: number): void {
    this.#publishSeconds.observe(milliseconds / 1_000);
  }

  publishFailed(): void {
    this.#publishFailures.inc();
  }

  deadLettered(reason: string): void {
    this.#deadLetters.inc({ reason });
  }

  copyFailed(reason: string): void {
    this.#copiesFailed.inc({ reason });
  }

  resent(partitions: number): void {
    this.#resends.inc(partitions);
  }

  restarted(): void {
    this.#restarts.inc();
  }

  commitRefused(): void {
    this.#refusedCommits.inc();
  }

  consuming(now: boolean): void {
    this.#consuming.set(now ? 1 : 0);
  }

  /** Milliseconds; asked for whenever somebody collects. */
  readAge(read: () => number): void {
    this.#age = read;
  }

  /** Who is behind is asked for whenever somebody collects. */
  readBehind(read: () => readonly PartitionBehind[]): void {
    this.#behind = read;
  }
}

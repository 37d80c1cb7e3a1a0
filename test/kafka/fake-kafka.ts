import type { CommandSource, InboundGroup } from '#kafka/command-source.js';
import type { CopySink } from '#kafka/copy-sink.js';
import type { KafkaObserver } from '#kafka/kafka-observer.js';
import type { RecordSink } from '#kafka/record-sink.js';
import type { InboundRecord, OutRecord } from '#kafka/records.js';

// Stand-ins for the driver's side of the ports. Its own suites run on a real broker; what cannot be had
// there is a rebalance, a stop or a broken send at exactly the moment that a rule is about.

/** One group as the broker sees it: what it was told, and what became of it. */
export class FakeGroup implements InboundGroup {
  readonly records: readonly InboundRecord[];
  beats = 0;
  /** A heartbeat was told that it is lost. */
  isToldLost = false;
  #running = true;
  #error: Error | undefined;

  constructor(records: readonly InboundRecord[]) {
    this.records = records;
  }

  async heartbeat(): Promise<void> {
    this.beats += 1;
    if (!this.#error) return;
    this.isToldLost = true;
    throw this.#error;
  }

  isRunning(): boolean {
    return this.#running;
  }

  /** The partitions are given to others: the next heartbeat finds out. */
  lose(error: Error): void {
    this.#error = error;
  }

  /** The source is to stop. */
  stop(): void {
    this.#running = false;
  }
}

/** Hands over groups, and commits nothing: whoever looks at `work` sees when it would. */
export class FakeSource implements CommandSource {
  #work: ((group: InboundGroup) => Promise<void>) | undefined;
  stopped = false;

  async start(work: (group: InboundGroup) => Promise<void>): Promise<void> {
    this.#work = work;
  }

  /** Settles as the worker does. */
  async hand(group: InboundGroup): Promise<void> {
    if (!this.#work) throw new Error('nobody has started to consume');
    await this.#work(group);
  }

  lag(): readonly never[] {
    return [];
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }
}

/** Keeps what was published, and what was only tried. */
export class FakeSink implements RecordSink {
  readonly published: OutRecord[] = [];
  readonly tried: (readonly OutRecord[])[] = [];
  /** What is played before records are published. */
  before: (beat: () => Promise<void>) => Promise<void> = async () => undefined;

  async publish(
    records: readonly OutRecord[],
    beat: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    this.tried.push(records);
    await this.before(beat);
    this.published.push(...records);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

export class FakeCopies implements CopySink {
  readonly copied: OutRecord[] = [];
  readonly limits: number[] = [];
  during: () => Promise<void> = async () => undefined;

  async copy(records: readonly OutRecord[], limitMs: number): Promise<void> {
    this.copied.push(...records);
    this.limits.push(limitMs);
    await this.during();
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

/** What an observer was told, in order: the name of the news, and what it was about. */
export type Told = readonly [name: keyof KafkaObserver, ...about: readonly unknown[]];

export const keptObserver = (): Readonly<{ observer: KafkaObserver; told: readonly Told[] }> => {
  const told: Told[] = [];
  const keep =
    (name: keyof KafkaObserver) =>
    (...about: readonly unknown[]) =>
      void told.push([name, ...about]);
  const observer: KafkaObserver = {
    consuming: keep('consuming'),
    restarted: keep('restarted'),
    commitRefused: keep('commitRefused'),
    holding: keep('holding'),
    worked: keep('worked'),
    resent: keep('resent'),
    publishFailed: keep('publishFailed'),
    published: keep('published'),
    copyFailed: keep('copyFailed'),
    deadLettered: keep('deadLettered'),
    fatal: keep('fatal'),
  };
  return { observer, told };
};

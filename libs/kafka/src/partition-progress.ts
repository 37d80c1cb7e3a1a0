import type { PartitionLag } from './command-source.js';
import type { PartitionStanding } from './group-standing.js';

type Progress = { next: bigint; high: bigint };

/** How far a consumer is in the partitions that it has. */
export class PartitionProgress {
  readonly #topic: string;
  #progress = new Map<number, Progress>();
  /** By partition, of a group that has never committed anything: where the records end that were there before it. */
  #older: ReadonlyMap<number, Readonly<{ from: bigint; to: bigint }>> = new Map();

  constructor(topic: string) {
    this.#topic = topic;
  }

  /** Where the group stands before a consumer joins it. */
  standsAt(standing: readonly PartitionStanding[]): void {
    this.#progress = new Map(
      standing.map(({ partition, low, high, committed = low }) => {
        // Whose next record is gone, or was never written, begins anew.
        const next = committed < low || committed > high ? low : committed;
        return [partition, { next, high }];
      }),
    );
    const isFresh = standing.every(({ committed }) => committed === undefined);
    if (!isFresh) return;
    this.#older = new Map(
      standing.map(({ partition, low, high }) => [partition, { from: low, to: high }]),
    );
  }

  /** What a consumer was given in a rebalance; of what is new to it nothing is known before its first batch. */
  has(partitions: readonly number[]): void {
    this.#progress = new Map(
      [...this.#progress].filter(([partition]) => partitions.includes(partition)),
    );
  }

  /** @param high the offset that the next record written there will have. */
  handed(partition: number, lastOffset: bigint, high: bigint): void {
    this.#progress.set(partition, { next: lastOffset + 1n, high });
  }

  lag(): readonly PartitionLag[] {
    return [...this.#progress].map(([partition, { next, high }]) => ({
      topic: this.#topic,
      partition,
      lag: high > next ? high - next : 0n,
    }));
  }

  /** For a person: how much a group that is new has still to read of what was there before it. */
  older(): string | undefined {
    let all = 0n;
    let left = 0n;
    for (const [partition, { next }] of this.#progress) {
      const { from, to } = this.#older.get(partition) ?? { from: 0n, to: 0n };
      all += to - from;
      if (next < to) left += to - (next > from ? next : from);
    }
    if (left === 0n) return undefined;
    return `the group is new: ${left} of ${all} records that were there before it are still to be read`;
  }
}

import type { InboundRecord } from './records.js';

/** What one fetch brought, of all partitions at once; the order of each partition is kept. */
export type InboundGroup = Readonly<{
  records: readonly InboundRecord[];
  /**
   * Tells the broker that the group is still being worked on. To be called at least every few seconds.
   *
   * @throws the driver's own error of a rebalance: let it through, nothing of the group is committed.
   */
  heartbeat(): Promise<void>;
  /** False once the partitions are no longer ours, or the source is stopping: begin nothing new. */
  isRunning(): boolean;
}>;

/** How far behind a partition is: records that were written and not yet handed over. */
export type PartitionLag = Readonly<{ topic: string; partition: number; lag: bigint }>;

/**
 * The group is no longer ours, or its source is stopping, while the store or the broker is away:
 * nothing of it is committed, and it comes again.
 */
export class GroupAbandoned extends Error {
  override readonly name = 'GroupAbandoned';
}

/**
 * Where records of a topic come from, in groups.
 *
 * Offsets are committed when the worker of a group resolves, and never before: what was not committed
 * comes again. A worker rejects with what `heartbeat` threw, with {@link GroupAbandoned}, or because of a
 * fault in this program; only the last is fatal. Nothing that a sender wrote, and no store or broker that is away, may make it reject.
 */
export interface CommandSource {
  /**
   * Begins to consume, and resolves at once: a broker that is away is waited for.
   *
   * @param work is called with one group at a time.
   */
  start(work: (group: InboundGroup) => Promise<void>): Promise<void>;
  /** Of the partitions that are ours; of none while it has halted, or the broker is away, who alone knows what was written. */
  lag(): readonly PartitionLag[];
  /** Resolves when the group under way is worked off and committed, and the partitions are given back. */
  stop(): Promise<void>;
}

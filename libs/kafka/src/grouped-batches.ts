import type { EachBatchPayload } from 'kafkajs';
import { asError } from '#runtime/as-error.js';
import { GroupAbandoned } from './command-source.js';
import type { InboundGroup } from './command-source.js';
import type { GroupClaim } from './group-claim.js';
import { chunksOf, offsetsAfter } from './group-chunks.js';
import type { Chunk, PartitionOffset } from './group-chunks.js';
import { isCommitRefusal } from './kafkajs-errors.js';

export type Work = (group: InboundGroup) => Promise<void>;

type Batch = Readonly<{
  payload: EachBatchPayload;
  /** In which it came. */
  membership: unknown;
  worked: PromiseWithResolvers<void>;
}>;

export type GroupedBatchesParts = Readonly<{
  work: Work;
  /** What is called before a chunk is worked on. */
  handed: (chunk: Chunk) => void;
  /** The membership in which batches come; it is another one after every rebalance. */
  membership: () => unknown;
  /** Whether new work may begin. */
  isRunning: () => boolean;
  commitRefused: (error: Error) => void;
  /** Whether records may be taken, and what their offsets are committed with; undefined: whoever comes may. */
  claim?: GroupClaim | undefined;
  /** The records are not to be taken, or nobody can tell: the consumer must end. */
  notClaimed: (error: Error) => void;
  /** A fault in this program: nothing is committed any more. */
  fault: (error: Error) => void;
}>;

/**
 * Makes groups of the batches that kafkajs hands over one by one, a partition each: all that come in the
 * same turn, since they are of one fetch, and all that came while the group before was being worked on.
 * Offsets are committed after each chunk of a group.
 */
export class GroupedBatches {
  readonly #parts: GroupedBatchesParts;
  /** What kafkajs itself threw, and must get back: it knows what a rebalance is. */
  readonly #thrown = new WeakSet<object>();
  #waiting: Batch[] = [];
  #working: Promise<void> | undefined;
  #faulty = false;

  constructor(parts: GroupedBatchesParts) {
    this.#parts = parts;
  }

  /**
   * For kafkajs' `eachBatch`. Resolves when the batch is worked off, or given up without having moved its
   * offsets, so that it comes again.
   *
   * @throws what kafkajs threw while it was being worked on: kafkajs joins the group again, or crashes.
   */
  take(payload: EachBatchPayload): Promise<void> {
    if (this.#faulty) return Promise.resolve();
    const worked = Promise.withResolvers<void>();
    this.#waiting.push({ payload, membership: this.#parts.membership(), worked });
    this.#working ??= this.#workSoon();
    return worked.promise;
  }

  /** Resolves when no group is being worked on. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #workSoon(): Promise<void> {
    // Not a time to wait for, but the end of the turn in which a fetch hands over its batches.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batches = this.#waiting.splice(0);
      try {
        await this.#workOff(batches);
        for (const { worked } of batches) worked.resolve();
      } catch (error) {
        // What waits comes again as well: kafkajs joins again, or ends.
        const all = [...batches, ...this.#waiting.splice(0)];
        if (this.#isKafkajs(error)) for (const { worked } of all) worked.reject(error);
        else this.#endWith(error, all);
      }
    }
    this.#working = undefined;
  }

  #endWith(error: unknown, batches: readonly Batch[]): void {
    this.#faulty = true;
    this.#parts.fault(asError(error));
    for (const { worked } of batches) worked.resolve();
  }

  async #workOff(batches: readonly Batch[]): Promise<void> {
    const membership = this.#parts.membership();
    const isOurs = (): boolean => this.#parts.membership() === membership;
    const ours = batches.filter((batch) => batch.membership === membership);
    const [first] = ours;
    if (!first || !(await this.#mayTake(first.payload, isOurs))) return;
    for (const chunk of chunksOf(ours.map(({ payload }) => payload))) {
      if (!isOurs() || !this.#parts.isRunning()) return;
      this.#parts.handed(chunk);
      const worked = await this.#work(chunk, isOurs);
      // kafkajs may have joined again by itself, behind the back of the worker.
      if (!worked || !isOurs()) return;
      await this.#commit(chunk.ends[0]!.payload, offsetsAfter(chunk));
      if (!isOurs()) return;
      for (const { payload, lastOffset } of chunk.ends) payload.resolveOffset(lastOffset);
    }
  }

  async #mayTake(payload: EachBatchPayload, isOurs: () => boolean): Promise<boolean> {
    const { claim, notClaimed } = this.#parts;
    const commit = (partitions: readonly PartitionOffset[]) => this.#commit(payload, partitions);
    try {
      await claim?.hold({ ...this.#membershipOf(payload, isOurs), commit });
      return true;
    } catch (error) {
      if (this.#isKafkajs(error)) throw error;
      if (!(error instanceof GroupAbandoned)) notClaimed(asError(error));
      return false;
    }
  }

  /** Whether the worker got done with it. */
  async #work({ records, ends }: Chunk, isOurs: () => boolean): Promise<boolean> {
    try {
      await this.#parts.work({ records, ...this.#membershipOf(ends[0]!.payload, isOurs) });
      return true;
    } catch (error) {
      if (error instanceof GroupAbandoned) return false;
      throw error;
    }
  }

  #membershipOf(
    payload: EachBatchPayload,
    isOurs: () => boolean,
  ): Pick<InboundGroup, 'heartbeat' | 'isRunning'> {
    let lost = false;
    const heartbeat = async (): Promise<void> => {
      try {
        await payload.heartbeat();
      } catch (error) {
        lost = true;
        throw this.#kafkajs(error);
      }
    };
    return { heartbeat, isRunning: () => !lost && isOurs() && this.#parts.isRunning() };
  }

  /**
   * All partitions at once, by the payload's own commit: where a rebalance refuses it, the
   * consumer's would be the death of the consumer.
   */
  async #commit(one: EachBatchPayload, offsets: readonly PartitionOffset[]): Promise<void> {
    // kafkajs hands on what its types do not know of.
    const metadata = this.#parts.claim?.mark ?? null;
    const partitions = offsets.map((offset) => ({ ...offset, metadata }));
    try {
      await one.commitOffsetsIfNecessary({ topics: [{ topic: one.batch.topic, partitions }] });
    } catch (error) {
      if (isCommitRefusal(error)) this.#parts.commitRefused(error);
      throw this.#kafkajs(error);
    }
  }

  #kafkajs(error: unknown): unknown {
    if (error instanceof Error) this.#thrown.add(error);
    return error;
  }

  #isKafkajs(error: unknown): boolean {
    return error instanceof Error && this.#thrown.has(error);
  }
}

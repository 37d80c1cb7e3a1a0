import type { Clock } from '#runtime/clock.js';
import { GroupAbandoned } from './command-source.js';
import type { InboundGroup } from './command-source.js';
import type { PartitionOffset } from './group-chunks.js';
import { GroupHeartbeat } from './group-heartbeat.js';
import { refuseOtherStores } from './group-of-another-store.js';
import { groupStanding } from './group-standing.js';
import type { PartitionStanding } from './group-standing.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { encodeMark, isOwnMark, marksOf } from './store-mark.js';
import type { StoreMark } from './store-mark.js';
import { unlessAborted } from './unless-aborted.js';
import { GroupInUse, unusedGroup } from './unused-group.js';

export type GroupClaimParts = Readonly<{
  connection: KafkaConnection;
  clock: Clock;
  log: KafkaLog;
  groupId: string;
  topic: string;
  store: StoreMark;
}>;

/** A member that has been handed its first records. */
type Claimant = Pick<InboundGroup, 'heartbeat' | 'isRunning'> &
  Readonly<{ commit(partitions: readonly PartitionOffset[]): Promise<void> }>;

type Membership = {
  readonly partitions: readonly number[];
  readonly signal: AbortSignal;
  readonly looked: Promise<readonly PartitionStanding[] | undefined>;
  isHeld: boolean;
};

/**
 * Sees to it that the commands of a group are decided on one store. What a member commits carries the mark of its
 * store. All partitions are looked at before the group is joined and in every membership, and those of a member
 * are marked before it takes the first record, after which it looks once more: of two stores that meet in one
 * membership, at least one sees the other's mark before it has taken anything.
 */
export class GroupClaim {
  readonly #parts: GroupClaimParts;
  #current: Membership | undefined;

  constructor(parts: GroupClaimParts) {
    this.#parts = parts;
  }

  /** What the offsets of this store are committed with. */
  get mark(): string {
    return encodeMark(this.#parts.store);
  }

  /**
   * Where the group stands.
   *
   * @throws {GroupOfAnotherStore}
   * @throws as {@link groupStanding}.
   */
  async look(): Promise<readonly PartitionStanding[]> {
    const { connection, log, store } = this.#parts;
    const standing = await groupStanding(connection, log, this.#parts);
    refuseOtherStores(standing, store, this.#parts);
    return standing;
  }

  /**
   * Where the group stands before it is joined. Where this store took its commands before it was restored, all
   * partitions are marked first: a ledger on the store as it was takes the older mark for its own.
   *
   * @throws {GroupInUse} members are at work in it, who may be on the store as it was.
   * @throws as {@link look}.
   */
  async enter(): Promise<readonly PartitionStanding[]> {
    const { store } = this.#parts;
    const standing = await this.look();
    if (!marksOf(standing).some(({ epoch }) => epoch < store.epoch)) return standing;
    try {
      const group = await unusedGroup(this.#parts);
      // One of another store that came in between is for the next look to refuse.
      if (group.had.every((mark) => isOwnMark(mark, store))) await group.adopt(store);
    } catch (error) {
      if (!(error instanceof GroupInUse)) throw error;
      const until = 'this store was restored, and takes the commands when they have gone';
      throw new GroupInUse(`${error.message}: ${until}`, { cause: error });
    }
    return this.look();
  }

  /**
   * A membership has begun. Resolves when the group has been looked at, or `signal` is aborted: it is over.
   *
   * @param partitions those of this member.
   * @throws as {@link look}.
   */
  async begin(partitions: readonly number[], signal: AbortSignal): Promise<void> {
    const looked = unlessAborted(this.look(), signal);
    this.#current = { partitions, signal, looked, isHeld: false };
    await looked;
  }

  /**
   * To be called before records are taken; does its work once in a membership.
   *
   * @throws what `claimant` throws, or {@link GroupAbandoned}: the membership is over.
   * @throws as {@link look}.
   */
  async hold(claimant: Claimant): Promise<void> {
    const membership = this.#current;
    if (!membership || membership.isHeld) return;
    const heartbeat = new GroupHeartbeat(claimant, this.#parts.clock);
    try {
      const looked = mustBe(await membership.looked);
      heartbeat.mustBeOurs();
      if (this.#unmarked(membership, looked).length > 0) await this.#marks(membership, claimant);
      heartbeat.mustBeOurs();
      membership.isHeld = true;
    } finally {
      heartbeat.stop();
    }
  }

  /** The look of the beginning may be old: the first records come when they come. */
  async #marks(membership: Membership, { commit }: Claimant): Promise<void> {
    const again = async () => mustBe(await unlessAborted(this.look(), membership.signal));
    const unmarked = this.#unmarked(membership, await again());
    this.#tellTaken(unmarked);
    await commit(
      unmarked.map(({ partition, committed, low }) => ({
        partition,
        offset: String(committed ?? low),
      })),
    );
    await again();
  }

  /** Those of this member that nobody has marked yet, or this store before it was restored. */
  #unmarked(
    { partitions }: Membership,
    standing: readonly PartitionStanding[],
  ): readonly PartitionStanding[] {
    const its = standing.filter(({ partition }) => partitions.includes(partition));
    return its.filter(({ metadata }) => metadata !== this.mark);
  }

  #tellTaken(unmarked: readonly PartitionStanding[]): void {
    const { log, groupId, topic } = this.#parts;
    const taken = unmarked.filter(
      ({ committed, metadata }) => committed !== undefined && metadata === '',
    );
    if (taken.length === 0) return;
    const partitions = taken.map(({ partition }) => partition).join(', ');
    const sentence = 'offsets that no store has marked are taken over by this one';
    log('info', sentence, { groupId, topic, partitions, store: this.mark });
  }
}

const mustBe = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new GroupAbandoned('the membership is over');
  return value;
};

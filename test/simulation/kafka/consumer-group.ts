import type { Cancel, VirtualTime } from '../virtual-time.js';

/** Milliseconds without a sign of life after which a member is one no more: a few missed heartbeats. */
export const SESSION_TIMEOUT = 3_000;

/** Milliseconds that a rebalance waits for members that have not joined it. */
const REBALANCE_TIMEOUT = 2_000;

/** What the coordinator says to whoever is not, or not any more, a member of this generation. */
export class Rebalanced extends Error {
  override readonly name = 'Rebalanced';
}

/** What a member is given: its partitions, and the offset from which on each is to be worked off. */
export type Assignment = Readonly<{ generation: number; positions: ReadonlyMap<number, number> }>;

type Member = { cancelExpiry: Cancel; joined: boolean; partitions: readonly number[] };

type Parts = Readonly<{
  time: VirtualTime;
  partitions: number;
  meet: (what: string) => void;
  /** Told of every offset that is committed, and of the one before. */
  onCommitted: (partition: number, from: number, to: number) => void;
}>;

/**
 * The coordinator of one consumer group, as Kafka's classic protocol has it, with eager rebalances:
 * whenever a member joins, leaves or falls silent all members must join again, and the partitions are
 * given anew to the next generation. A member hears of it when it asks something.
 */
export class ConsumerGroup {
  readonly #parts: Parts;
  readonly #committed: number[];
  readonly #reached: number[];
  readonly #members = new Map<string, Member>();
  #generation = 0;
  #cancelRebalance: Cancel | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#committed = Array.from({ length: parts.partitions }, () => 0);
    this.#reached = [...this.#committed];
  }

  /**
   * Per partition the offset up to which all is worked off: the highest that was ever committed. An older
   * commit that comes late takes nothing back; whoever begins there finds decided what comes again.
   */
  get reached(): readonly number[] {
    return this.#reached;
  }

  has(id: string): boolean {
    return this.#members.has(id);
  }

  /** To be asked again and again: undefined as long as others have not joined. */
  join(id: string): Assignment | undefined {
    let member = this.#members.get(id);
    if (!member) {
      member = { cancelExpiry: () => undefined, joined: false, partitions: [] };
      this.#members.set(id, member);
      this.#rebalance('a member joins');
    }
    this.#seen(id, member);
    member.joined = true;
    this.#completeIfAllJoined();
    if (this.#cancelRebalance) return undefined;
    const positions = member.partitions.map((one) => [one, this.#committed[one] ?? 0] as const);
    return { generation: this.#generation, positions: new Map(positions) };
  }

  /** @throws {Rebalanced} */
  heartbeat(id: string, generation: number): void {
    this.#refuseStranger(id, generation);
    if (this.#cancelRebalance) throw new Rebalanced('a rebalance is under way');
  }

  /**
   * Also while a rebalance is under way: until it is completed the partitions are whose they were.
   *
   * @throws {Rebalanced}
   */
  commit(id: string, generation: number, offsets: ReadonlyMap<number, number>): void {
    this.#refuseStranger(id, generation);
    for (const [partition, offset] of offsets) {
      const before = this.#committed[partition] ?? 0;
      this.#committed[partition] = offset;
      this.#reached[partition] = Math.max(offset, this.#reached[partition] ?? 0);
      if (offset < before) this.#parts.meet('offset committed that lies behind');
      this.#parts.onCommitted(partition, before, offset);
    }
  }

  leave(id: string): void {
    if (this.#members.has(id)) this.#remove(id, 'a member leaves');
  }

  /** As after an idle week: whoever joins next begins at the beginning. */
  forgetOffsets(): void {
    this.#committed.fill(0);
    this.#rebalance('the offsets are lost');
  }

  #refuseStranger(id: string, generation: number): void {
    const member = this.#members.get(id);
    if (!member) throw new Rebalanced(`${id} is no member`);
    if (generation !== this.#generation) throw new Rebalanced(`generation ${generation} is over`);
    this.#seen(id, member);
  }

  #seen(id: string, member: Member): void {
    member.cancelExpiry();
    member.cancelExpiry = this.#parts.time.after(SESSION_TIMEOUT, `session of ${id} ends`, () => {
      this.#parts.meet('member fell silent');
      this.#remove(id, 'a member fell silent');
    });
  }

  #remove(id: string, why: string): void {
    this.#members.get(id)?.cancelExpiry();
    this.#members.delete(id);
    this.#rebalance(why);
  }

  #rebalance(why: string): void {
    if (this.#cancelRebalance) return this.#completeIfAllJoined();
    for (const member of this.#members.values()) member.joined = false;
    this.#parts.time.note(`  rebalance: ${why}`);
    this.#cancelRebalance = this.#parts.time.after(REBALANCE_TIMEOUT, 'rebalance ends', () => {
      for (const [id, { joined, cancelExpiry }] of this.#members) {
        if (joined) continue;
        this.#parts.meet('member missed a rebalance');
        cancelExpiry();
        this.#members.delete(id);
      }
      this.#completeIfAllJoined();
    });
  }

  #completeIfAllJoined(): void {
    const members = [...this.#members.values()];
    if (!this.#cancelRebalance || members.some(({ joined }) => !joined)) return;
    this.#cancelRebalance();
    this.#cancelRebalance = undefined;
    this.#generation += 1;
    if (members.length > 1) this.#parts.meet('partitions given to several members');
    // To another one each time, so that partitions wander.
    const ownerOf = (partition: number) => (partition + this.#generation) % members.length;
    for (const [index, member] of members.entries())
      member.partitions = [...this.#committed.keys()].filter((one) => ownerOf(one) === index);
  }
}

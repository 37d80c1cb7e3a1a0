import { GroupAbandoned } from '#kafka/command-source.js';
import type { CommandSource, InboundGroup, PartitionLag } from '#kafka/command-source.js';
import type { KafkaObserver } from '#kafka/kafka-observer.js';
import type { InboundRecord } from '#kafka/records.js';
import type { Clock } from '#runtime/clock.js';
import { Rebalanced } from './consumer-group.js';
import type { Assignment } from './consumer-group.js';
import type { GroupMember } from './group-member.js';
import { BrokerAway } from './simulated-kafka.js';

/** Milliseconds after which a source asks again. */
const POLL = 100;

/** Milliseconds after which an idle member tells that it is alive. */
const BEAT = 1_000;

type Parts = Readonly<{
  member: GroupMember;
  clock: Clock;
  observer: KafkaObserver;
  meet: (what: string) => void;
  /** Told when a group is about to be handed over. */
  onGroup: () => void;
}>;

type Work = (group: InboundGroup) => Promise<void>;

/** One process's part of the topic. What its worker has resolved is committed, and nothing else. */
export class SimulatedCommandSource implements CommandSource {
  readonly #parts: Parts;
  readonly #stopping = new AbortController();
  #consumed: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async start(work: Work): Promise<void> {
    this.#consumed = this.#consume(work);
  }

  lag(): readonly PartitionLag[] {
    return [];
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#consumed;
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #consume(work: Work): Promise<void> {
    const { member, observer, meet } = this.#parts;
    while (!this.#isStopping) {
      try {
        const assignment = await this.#join();
        if (assignment) await this.#consumeAsMember(work, assignment);
      } catch (error) {
        if (!isOfTheGroup(error)) return observer.fatal(error as Error);
        meet(`membership ended: ${error.name}`);
        await this.#pause();
      }
    }
    await member.leave().catch(() => undefined);
  }

  async #join(): Promise<Assignment | undefined> {
    for (;;) {
      const assignment = await this.#parts.member.join();
      if (assignment || this.#isStopping) return assignment;
      await this.#pause();
    }
  }

  /** Until it is stopped; rejects when it is a member no more. */
  async #consumeAsMember(work: Work, { generation, positions: from }: Assignment): Promise<void> {
    const { member, clock, meet, onGroup } = this.#parts;
    const positions = new Map(from);
    let seen = clock.now();
    while (!this.#isStopping) {
      const records = await member.fetch(positions);
      if (records.length > 0) {
        onGroup();
        if (records.length > 256) meet('group of more than one slice');
        await work(this.#group(records, generation));
        for (const { partition, offset } of records) positions.set(partition, Number(offset) + 1);
        await this.#commit(generation, positions);
        seen = clock.now();
        continue;
      }
      await this.#pause();
      if (clock.now() - seen < BEAT) continue;
      await member.heartbeat(generation);
      seen = clock.now();
    }
  }

  #group(records: readonly InboundRecord[], generation: number): InboundGroup {
    let lost = false;
    const heartbeat = async () => {
      try {
        await this.#parts.member.heartbeat(generation);
      } catch (error) {
        lost = true;
        throw error;
      }
    };
    return { records, heartbeat, isRunning: () => !lost && !this.#isStopping };
  }

  async #commit(generation: number, positions: ReadonlyMap<number, number>): Promise<void> {
    const { member, observer } = this.#parts;
    try {
      await member.commit(generation, positions);
    } catch (error) {
      if (error instanceof Rebalanced) observer.commitRefused(error);
      throw error;
    }
  }

  #pause(): Promise<void> {
    return this.#parts.clock.wait(POLL, this.#stopping.signal);
  }
}

/** Somebody else has the partitions, or will have: what was not committed comes again, here or there. */
const isOfTheGroup = (error: unknown): error is Error =>
  error instanceof Rebalanced || error instanceof BrokerAway || error instanceof GroupAbandoned;

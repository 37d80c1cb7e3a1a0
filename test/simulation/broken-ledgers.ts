// Ledgers that are broken on purpose, each in one place: what the simulation is there to catch.
import type { StreamHistory } from '#commands/stream-history.js';
import type { EventStore } from '#event-store/event-store.js';
import { withAppend } from '../commands/store-with-faults.js';
import type { Replacements } from './load-simulation.js';
import type { Sameness } from './simulated-log.js';

/** Every command is decided, however often it comes. */
export const withoutDecidedBefore = (): Replacements => ({
  '#commands/decided-before.js': () => ({ decidedBefore: () => 'never' }),
});

/** No command waits for the one before it: all that comes for a stream is worked on at once. */
export const withoutQueues = (): Replacements => ({
  '#commands/stream-queues.js': () => ({ StreamQueues: NoQueues }),
});

class NoQueues<Item> {
  readonly #work: (stream: string, group: readonly Item[]) => Promise<void>;
  readonly #working = new Set<Promise<void>>();

  constructor(work: (stream: string, group: readonly Item[]) => Promise<void>) {
    this.#work = work;
  }

  add(stream: string, item: Item): void {
    const working = this.#work(stream, [item]);
    this.#working.add(working);
    void working.then(() => this.#working.delete(working));
  }

  /** Nothing waits: all of it is under way. */
  takeWaiting(): readonly Item[] {
    return [];
  }

  async drained(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }
}

/**
 * Appends of a stream are pipelined: while one is in flight the next is decided on what it would leave,
 * and sent at the revision that it would reach.
 */
export const withPipelinedAppends = async (): Promise<Replacements> => {
  const deciding = await import('#commands/group-decision.js');
  const remembering = await import('#commands/stream-histories.js');
  const rememberedBy = new WeakMap<StreamHistory, EagerHistories>();

  class EagerHistories extends remembering.StreamHistories {
    override async latest(stream: string): Promise<StreamHistory> {
      return this.lend(await super.latest(stream));
    }

    override async stored(stream: string): Promise<StreamHistory> {
      return this.lend(await super.stored(stream));
    }

    lend(history: StreamHistory): StreamHistory {
      rememberedBy.set(history, this);
      return history;
    }
  }

  const decideGroup: typeof deciding.decideGroup = (history, commands) => {
    const decision = deciding.decideGroup(history, commands);
    // Too early: nothing of it is acknowledged.
    rememberedBy.get(history)?.keep(decision.next);
    return decision;
  };
  return {
    ...withoutQueues(),
    '#commands/stream-histories.js': () => ({ ...remembering, StreamHistories: EagerHistories }),
    '#commands/group-decision.js': () => ({ ...deciding, decideGroup }),
  };
};

/** What is appended goes to the end of the stream, wherever that is by then. */
export const appendingBlindly = (store: EventStore): EventStore =>
  withAppend(store, async (append, stream, events) => {
    const recorded = await store.readStream(stream);
    return append(stream, events, recorded.length - 1);
  });

/** A store that takes events for the same where only their ids are. */
export const sameIds: Sameness = (stored, sent) => stored.eventId === sent.eventId;

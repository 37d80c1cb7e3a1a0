import type { InboundRecord } from '#kafka/records.js';
import type { Clock } from '#runtime/clock.js';
import type { RoundTrips } from '../round-trips.js';
import type { Assignment, ConsumerGroup } from './consumer-group.js';
import { BrokerAway } from './simulated-kafka.js';
import type { SimulatedKafka } from './simulated-kafka.js';

/** Of what is asked of a broker that says nothing, before the membership is given up. */
const TRIES = 3;

/** Milliseconds between them. */
const PAUSE = 100;

type Parts = Readonly<{
  /** Its member id. */
  name: string;
  kafka: SimulatedKafka;
  clock: Clock;
  trips: RoundTrips;
}>;

/**
 * What one process asks of the broker as a member of the consumer group. All of it may reject with
 * {@link BrokerAway}, or as the {@link ConsumerGroup} refuses it.
 */
export class GroupMember {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** undefined as long as others have not joined. */
  join(): Promise<Assignment | undefined> {
    const { name } = this.#parts;
    return this.#ask('join', (group) => group.join(name));
  }

  fetch(positions: ReadonlyMap<number, number>): Promise<readonly InboundRecord[]> {
    const { commands, fetchMax } = this.#parts.kafka;
    return this.#ask('fetch', () =>
      [...positions].flatMap(([partition, at]) => commands.between(partition, at, at + fetchMax)),
    );
  }

  heartbeat(generation: number): Promise<void> {
    const { name } = this.#parts;
    return this.#insist('heartbeat', (group) => group.heartbeat(name, generation));
  }

  commit(generation: number, positions: ReadonlyMap<number, number>): Promise<void> {
    const { name } = this.#parts;
    const offsets = new Map(positions);
    const what = `commit of ${[...offsets].join(' ')}`;
    return this.#insist(what, (group) => group.commit(name, generation, offsets));
  }

  leave(): Promise<void> {
    const { name } = this.#parts;
    return this.#ask('leave', (group) => group.leave(name));
  }

  async #insist<Result>(what: string, of: (group: ConsumerGroup) => Result): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#ask(what, of);
      } catch (error) {
        if (!(error instanceof BrokerAway) || tries === TRIES) throw error;
        await this.#parts.clock.wait(PAUSE);
      }
    }
  }

  #ask<Result>(what: string, of: (group: ConsumerGroup) => Result): Promise<Result> {
    const { kafka, trips } = this.#parts;
    return trips.ask({
      what,
      effect: () => {
        kafka.reach();
        return of(kafka.group);
      },
      silence: (message) => new BrokerAway(message),
    });
  }
}

import { Lease } from '#kafka/lease.js';
import { leasesGroup, topicNames } from '#kafka/topic-names.js';
import { systemClock } from '#runtime/system-clock.js';
import { sharedBroker } from './shared-broker.js';
import { describeWithKafka } from './suites.js';
import { createTopics, uniquePrefix } from './topics.js';
import { until } from './until.js';

/** A process that wants the lease, and what it did with it. */
class Candidate {
  readonly did: string[] = [];
  readonly troubles: Error[] = [];
  waits = 0;
  readonly #stopping = new AbortController();
  readonly #ending: () => Promise<void>;
  readonly running: Promise<void>;
  /** Ends its work, of itself. */
  readonly finish = Promise.withResolvers<void>();

  /** @param ending what it takes to end its work when it is told to. */
  constructor(
    address: string,
    prefix: string,
    ending: () => Promise<void> = async () => undefined,
  ) {
    this.#ending = ending;
    const lease = new Lease({
      connection: { brokers: [address], clientId: 'test' },
      clock: systemClock,
      log: () => undefined,
      topic: topicNames(prefix).leases,
      groupId: leasesGroup(prefix),
      shard: 0,
    });
    this.running = lease.run(this.#stopping.signal, (signal) => this.#work(signal), {
      waiting: () => void (this.waits += 1),
      away: (error) => void this.troubles.push(error),
    });
  }

  get works(): boolean {
    return this.did.at(-1) === 'begun';
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.running;
  }

  async #work(signal: AbortSignal): Promise<void> {
    this.did.push('begun');
    const lost = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await Promise.race([lost, this.finish.promise])
      .then(this.#ending)
      .finally(() => this.did.push('ended'));
  }
}

describeWithKafka('the lease of a shard', () => {
  const candidates: Candidate[] = [];
  const candidate = (...parts: ConstructorParameters<typeof Candidate>): Candidate => {
    const one = new Candidate(...parts);
    candidates.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(candidates.splice(0).map((one) => one.stop().catch(() => undefined)));
  });

  let address: string;
  let prefix: string;
  beforeEach(async () => {
    address = await sharedBroker();
    prefix = uniquePrefix();
    await createTopics(address, [topicNames(prefix).leases]);
  });

  it('is one process’s at a time, and another’s when that one stops', async () => {
    const first = candidate(address, prefix);
    await until('the first has it', () => first.works);
    const second = candidate(address, prefix);
    const third = candidate(address, prefix);
    const all = [first, second, third];
    await until('somebody has it', () => all.some(({ works }) => works));
    for (let left = all.length; left > 0; left -= 1) {
      await until('one has it', () => all.filter(({ works }) => works).length === 1);
      const holder = all.find(({ works }) => works)!;
      await holder.stop();
      expect(holder.works).toBe(false);
    }
  });

  it('is given back by one whose work is over, and taken by the next', async () => {
    const first = candidate(address, prefix);
    await until('the first has it', () => first.works);
    first.finish.resolve();
    await first.running;
    const second = candidate(address, prefix);
    await until('the second has it', () => second.works);
    expect(first.did).toEqual(['begun', 'ended']);
  });

  it('is not won again while it is left, however long the work takes to end', async () => {
    // Some heartbeats, which say that it is a member still.
    const slow = candidate(address, prefix, () => systemClock.wait(1_800));
    await until('it works', () => slow.works);
    await slow.stop();
    expect(slow.did).toEqual(['begun', 'ended']);
  });

  it('ends with what the work fails with', async () => {
    const first = candidate(address, prefix);
    await until('the first has it', () => first.works);
    first.finish.reject(new Error('the store is broken'));
    await expect(first.running).rejects.toThrow('the store is broken');
  });
});

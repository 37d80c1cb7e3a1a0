import {
  appendingBlindly,
  sameIds,
  withPipelinedAppends,
  withoutDecidedBefore,
  withoutQueues,
} from './broken-ledgers.js';
import type { Broken } from './findings.js';
import { loadSimulation } from './load-simulation.js';
import { TIMEOUT } from './seeds.js';
import type { Outcome } from './simulation.js';

/** The first seed that shows that this promise is broken; no more than need be are simulated. */
const firstThatShows = async (
  promise: Broken,
  simulate: (seed: number) => Promise<Outcome>,
): Promise<number | undefined> => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const { violations } = await simulate(seed);
    if (violations.some(({ broken }) => broken === promise)) return seed;
  }
  return undefined;
};

describe('the simulation catches', () => {
  it.each([
    ['a ledger that decides a command again', withoutDecidedBefore, 'decided_twice'],
    ['a ledger that keeps no order within an authorization', withoutQueues, 'overtaken'],
    ['a ledger with two appends of a stream in flight', withPipelinedAppends, 'chain_broken'],
  ] as const)(
    '%s',
    async (_, breakLedger, promise) => {
      const { simulate } = await loadSimulation(breakLedger);
      expect(await firstThatShows(promise, simulate)).toBeDefined();
    },
    TIMEOUT,
  );

  const storeOfIds = { sameness: sameIds };
  it.each([
    ['blind appends, by what is decided twice', { aroundStore: appendingBlindly }, 'decided_twice'],
    ['a store that compares ids alone, by its answers', storeOfIds, 'command_ids_confused'],
    ['a store that compares ids alone, by its chain', storeOfIds, 'chain_broken'],
  ] as const)(
    '%s',
    async (_, variant, promise) => {
      const { simulate } = await loadSimulation();
      expect(await firstThatShows(promise, (seed) => simulate(seed, variant))).toBeDefined();
    },
    TIMEOUT,
  );
});

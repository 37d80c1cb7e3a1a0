import {
  appendingBlindly,
  sameIds,
  withPipelinedAppends,
  withoutDecidedBefore,
  withoutQueues,
} from './broken-ledgers.js';
import { firstThatShows } from './first-that-shows.js';
import {
  committingFirst,
  publishingBlindly,
  puttingAside,
  retryingOneByOne,
  throwingAtPoison,
} from './kafka/broken-consumers.js';
import { loadSimulation } from './load-simulation.js';
import { TIMEOUT } from './seeds.js';
import type { simulate } from './simulation.js';

describe('the simulation catches', () => {
  it.each([
    ['a ledger that decides a command again', withoutDecidedBefore, 'decided_twice'],
    ['a ledger that keeps no order within an authorization', withoutQueues, 'overtaken'],
    ['a ledger with two appends of a stream in flight', withPipelinedAppends, 'chain_broken'],
  ] as const)(
    '%s',
    async (_, breakLedger, promise) => {
      const { simulate: simulating } = await loadSimulation(breakLedger);
      expect(await firstThatShows(promise, simulating)).toBeDefined();
    },
    TIMEOUT,
  );

  describe('around the ledger as it is,', () => {
    let simulating: typeof simulate;

    beforeAll(async () => {
      ({ simulate: simulating } = await loadSimulation());
    });

    const storeOfIds = { sameness: sameIds };
    it.each([
      [
        'blind appends, by what is decided twice',
        { aroundStore: appendingBlindly },
        'decided_twice',
      ],
      ['a store that compares ids alone, by its answers', storeOfIds, 'command_ids_confused'],
      ['a store that compares ids alone, by its chain', storeOfIds, 'chain_broken'],
    ] as const)(
      '%s',
      async (_, variant, promise) => {
        expect(await firstThatShows(promise, simulating, variant)).toBeDefined();
      },
      TIMEOUT,
    );

    it.each([
      ['commits an offset before the append', committingFirst, 'committed_too_early'],
      ['does not wait until its answers are written', publishingBlindly, 'committed_too_early'],
      ['puts aside what cannot be decided now', puttingAside, 'answers_differ'],
      ['tries each command again by itself', retryingOneByOne, 'overtaken'],
      ['throws at what is no JSON', throwingAtPoison, 'alarm'],
    ] as const)(
      'a consumer that %s',
      async (_, aroundConsumer, promise) => {
        expect(await firstThatShows(promise, simulating, { aroundConsumer })).toBeDefined();
      },
      TIMEOUT,
    );

    it.each([
      ['commits an offset before the append', committingFirst],
      ['does not wait until its answers are written', publishingBlindly],
    ] as const)(
      'what is lost when a consumer ends that %s',
      async (_, aroundConsumer) => {
        const variant = { aroundConsumer, overlooked: 'committed_too_early' } as const;
        expect(await firstThatShows('record_lost', simulating, variant)).toBeDefined();
      },
      TIMEOUT,
    );
  });
});

import * as fc from 'fast-check';
import type { Amount, Instant } from '#capture/values.js';

/** What commands at random are about. */
export type World = Readonly<{
  captureIds: readonly string[];
  /** Of each capture: c1-r1, c1-r2 … */
  refundsPerCapture: number;
  connectorEventIds: readonly string[];
  /** Of an authorization. */
  whole: fc.Arbitrary<Amount>;
  /** Of a capture, a refund. */
  part: fc.Arbitrary<Amount>;
}>;

/** Few ids and small amounts, so that commands meet one another more often than not. */
export const smallWorld: World = {
  captureIds: ['c1', 'c2', 'c3', 'c4'],
  refundsPerCapture: 2,
  connectorEventIds: ['evt-1', 'evt-2', 'evt-3', 'evt-4', 'evt-5', 'evt-6', 'evt-7'],
  whole: fc.integer({ min: 60, max: 120 }),
  part: fc.oneof(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 70 })),
};

const GREATEST = Number.MAX_SAFE_INTEGER;

/** Amounts near 2^53: the sum of two of them is one that no JavaScript number can hold. */
export const vastWorld: World = {
  ...smallWorld,
  whole: fc.integer({ min: GREATEST - 3, max: GREATEST }),
  part: fc.oneof(
    fc.integer({ min: GREATEST - 3, max: GREATEST }),
    fc.integer({ min: 2 ** 52 - 2, max: 2 ** 52 + 2 }),
    fc.integer({ min: 1, max: 3 }),
  ),
};

/** Minutes past nine on the day of these tests. */
export const instantOf = (minute: number): Instant =>
  new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString();

export const weighted = <Value>(
  ...choices: readonly (readonly [number, fc.Arbitrary<Value>])[]
): fc.Arbitrary<Value> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));

import type { Outcome } from './simulation.js';

const FROM = Number(process.env['SIMULATION_FROM'] ?? 1);
const COUNT = Number(process.env['SIMULATION_SEEDS'] ?? 150);

/** Milliseconds, far more than so many seeds take. */
export const TIMEOUT = 600_000 + COUNT * 2_000;

/** SIMULATION_SEEDS many, from SIMULATION_FROM on. */
export const seeds = (): readonly number[] =>
  Array.from({ length: COUNT }, (_, index) => FROM + index);

/** How to see it again, what was broken, and what happened last. */
export const reportOf = ({ seed, violations, tail }: Outcome): string =>
  [
    `SIMULATION_FROM=${seed} SIMULATION_SEEDS=1 npm test -- test/simulation/simulation.spec.ts`,
    ...violations.map(({ broken, what }) => `${broken}: ${what}`),
    'The last that happened:',
    tail,
  ].join('\n');

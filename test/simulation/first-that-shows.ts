import type { Broken } from './findings.js';
import type { simulate } from './simulation.js';
import type { Variant } from './world.js';

/** The first seed that shows that this promise is broken; no more than need be are simulated. */
export const firstThatShows = async (
  promise: Broken,
  simulating: typeof simulate,
  variant?: Variant,
): Promise<number | undefined> => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const { violations } = await simulating(seed, variant);
    if (violations.some(({ broken }) => broken === promise)) return seed;
  }
  return undefined;
};

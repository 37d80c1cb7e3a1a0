import type { Clock } from '#runtime/clock.js';

/**
 * Milliseconds before the next try: twice as long each time, up to `most`, and between half of it and all
 * of it, so that those who failed together do not come back together.
 *
 * @param tries how many have failed, at least 1.
 */
export const backOff = (clock: Clock, tries: number, first: number, most: number): number =>
  Math.min(most, first * 2 ** (tries - 1)) * (0.5 + clock.random() / 2);

import { setTimeout } from 'node:timers/promises';
import type { Clock } from './clock.js';

/** Node's timers hold a wait in 31 bits, and fire at once where it is longer. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The machine's own time, timers and randomness. */
export const systemClock: Clock = {
  now: () => Date.now(),

  async wait(milliseconds, signal) {
    // No timer is shorter than 1 ms; a wait of 0 still lets others have their turn.
    for (let left = Math.max(milliseconds, 1); left > 0; left -= LONGEST_TIMER) {
      const timer = setTimeout(Math.min(left, LONGEST_TIMER), undefined, signal && { signal });
      // An aborted wait has ended, not failed.
      await timer.catch(() => undefined);
      if (signal?.aborted) return;
    }
  },

  random: () => Math.random(),
};

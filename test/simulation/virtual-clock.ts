import type { Clock } from '#runtime/clock.js';
import type { Life } from './life.js';
import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';

/** The clock of one run of a process: all that it waits for ends with it. */
export class VirtualClock implements Clock {
  readonly #time: VirtualTime;
  readonly #life: Life;
  readonly #random: Random;

  constructor(time: VirtualTime, life: Life, random: Random) {
    this.#time = time;
    this.#life = life;
    this.#random = random;
  }

  now(): number {
    return this.#time.now;
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const aborted = () => {
        cancel();
        if (!this.#life.over) resolve();
      };
      // As with the machine's own timers, none is shorter than a millisecond.
      const cancel = this.#life.after(Math.max(milliseconds, 1), 'a wait is over', () => {
        signal?.removeEventListener('abort', aborted);
        resolve();
      });
      signal?.addEventListener('abort', aborted, { once: true });
    });
  }

  random(): number {
    return this.#random.fraction();
  }
}

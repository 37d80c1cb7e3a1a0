import type { Random } from './random.js';

/** How often messages get lost, and how often they take longer than anybody waits: 0 to 1. */
export type WireFaults = Readonly<{ lost: number; slow: number }>;

/** What carries messages between two parties. */
export class Wire {
  readonly #random: Random;
  #faults: WireFaults;

  constructor(random: Random, faults: WireFaults) {
    this.#random = random;
    this.#faults = faults;
  }

  /** From now on every message arrives, and soon. */
  heal(): void {
    this.#faults = { lost: 0, slow: 0 };
  }

  /** The milliseconds that the next message takes; undefined: it never arrives. */
  next(): number | undefined {
    const random = this.#random;
    if (random.chance(this.#faults.lost)) return undefined;
    const slowness = random.chance(this.#faults.slow) ? random.whole(100, 500) : 0;
    return 1 + slowness + random.fraction() * 9;
  }
}

/** Random numbers from a seed: the same seed gives the same numbers everywhere (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Seeds that follow one another begin far apart.
    this.#state = Math.imul(seed, 0x9e3779b1);
  }

  /** From 0 (included) to 1 (excluded). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }

  /** An independent source: whoever draws from it moves nobody else's numbers. */
  fork(): Random {
    return new Random(this.whole(1, 2 ** 31));
  }
}

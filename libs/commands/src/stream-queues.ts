/**
 * One queue per stream. Whatever arrives while a group of a stream is being worked on is its next
 * group, so that at most one append of a stream is ever in flight: if the first of two conflicted,
 * the second could find its revision free, and record a decision on a state that never was.
 */
export class StreamQueues<Item> {
  readonly #waiting = new Map<string, Item[]>();
  readonly #work: (stream: string, group: readonly Item[]) => Promise<void>;
  #idle: (() => void)[] = [];

  /** @param work settles every item of its group, and never rejects. */
  constructor(work: (stream: string, group: readonly Item[]) => Promise<void>) {
    this.#work = work;
  }

  /** Streams with work under way. */
  get busy(): number {
    return this.#waiting.size;
  }

  add(stream: string, item: Item): void {
    const waiting = this.#waiting.get(stream);
    if (waiting) {
      waiting.push(item);
      return;
    }
    this.#waiting.set(stream, [item]);
    void this.#run(stream);
  }

  /** Takes back what waits for the next group of the stream: it will not be worked on. */
  takeWaiting(stream: string): readonly Item[] {
    return this.#waiting.get(stream)?.splice(0) ?? [];
  }

  /** Resolves when nothing is waiting or under way. */
  drained(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async #run(stream: string): Promise<void> {
    // Whatever arrives in the same turn of the event loop is in the first group.
    await Promise.resolve();
    for (;;) {
      const group = this.#waiting.get(stream) ?? [];
      if (group.length === 0) break;
      this.#waiting.set(stream, []);
      await this.#work(stream, group);
    }
    this.#waiting.delete(stream);
    if (this.#waiting.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

import { asError } from '#runtime/as-error.js';

/**
 * The next item of something that takes its time, for whoever must not wait for it: asked for when it is
 * first looked for, and there when it is there.
 */
export class ReadAhead<Item> {
  readonly #items: AsyncIterator<Item>;
  /** Called when something has come, or the end, or a failure. */
  readonly #wake: () => void;
  #next: Readonly<{ is?: Item; over?: true; failed?: Error }> | 'asked' | undefined;

  constructor(items: AsyncIterable<Item>, wake: () => void) {
    this.#items = items[Symbol.asyncIterator]();
    this.#wake = wake;
  }

  /**
   * The next item, again and again until it is taken; 'over' after the last, and undefined while it is
   * being read.
   *
   * @throws what the items end with.
   */
  peek(): Readonly<{ is: Item }> | 'over' | undefined {
    if (this.#next === undefined) void this.#ask();
    if (this.#next === undefined || this.#next === 'asked') return undefined;
    const { is, over, failed } = this.#next;
    if (failed) throw failed;
    if (over) return 'over';
    return { is: is as Item };
  }

  take(): void {
    this.#next = undefined;
  }

  async #ask(): Promise<void> {
    this.#next = 'asked';
    try {
      const { value, done } = await this.#items.next();
      this.#next = done === true ? { over: true } : { is: value };
    } catch (error) {
      this.#next = { failed: asError(error) };
    }
    this.#wake();
  }
}

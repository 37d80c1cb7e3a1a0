type Slot<Item> = Readonly<{ item: Item; taken: PromiseWithResolvers<void> }>;

/** From whoever pushes to whoever pulls, one item at a time: the one waits for the other. */
export class Handoff<Item> implements AsyncIterable<Item> {
  #slot: Slot<Item> | undefined;
  #end: Readonly<{ error?: Error }> | undefined;
  #changed = Promise.withResolvers<void>();

  /** Resolves when the item is taken, or nobody will take it any more. */
  async put(item: Item): Promise<void> {
    while (this.#slot) await this.#slot.taken.promise;
    if (this.#end) return;
    const taken = Promise.withResolvers<void>();
    this.#slot = { item, taken };
    this.#changed.resolve();
    await taken.promise;
  }

  /** There is nothing more, or because of an error; what was put and not taken is dropped. */
  end(error?: Error): void {
    this.#end ??= error ? { error } : {};
    this.#slot?.taken.resolve();
    this.#slot = undefined;
    this.#changed.resolve();
  }

  /** @throws what it was ended with. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void> {
    for (;;) {
      if (this.#slot) {
        const { item, taken } = this.#slot;
        this.#slot = undefined;
        taken.resolve();
        yield item;
      } else if (this.#end) {
        if (this.#end.error) throw this.#end.error;
        return;
      } else {
        await this.#changed.promise;
        this.#changed = Promise.withResolvers();
      }
    }
  }
}

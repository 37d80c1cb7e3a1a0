type Connectable = Readonly<{ connect(): Promise<void>; disconnect(): Promise<void> }>;

type Instance<T> = {
  readonly ready: Promise<T>;
  readonly gone: PromiseWithResolvers<void>;
  users: number;
};

/**
 * A producer or an admin of kafkajs: connected when it is first used, and replaced after the first
 * failure. One that failed goes when its last user has gone; it may still get done what was under way.
 */
export class Connected<T extends Connectable> {
  readonly #make: () => T;
  #current: Instance<T> | undefined;
  #closed = false;

  constructor(make: () => T) {
    this.#make = make;
  }

  /**
   * Lends it to a task. Where the task rejects, nobody else gets this one.
   *
   * @throws what the task throws, or kafkajs' error: it could not be connected.
   */
  async lend<Result>(task: (it: T) => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new Error('closed');
    const lent = (this.#current ??= this.#connect());
    lent.users += 1;
    try {
      return await task(await lent.ready);
    } catch (error) {
      if (this.#current === lent) this.#current = undefined;
      throw error;
    } finally {
      lent.users -= 1;
      if (this.#current !== lent && lent.users === 0) void disconnect(lent);
    }
  }

  /** Resolves when it is disconnected, after its last user. */
  async close(): Promise<void> {
    this.#closed = true;
    const last = this.#current;
    this.#current = undefined;
    if (last?.users === 0) await disconnect(last);
    await last?.gone.promise;
  }

  #connect(): Instance<T> {
    const it = this.#make();
    const ready = it.connect().then(
      () => it,
      async (error: unknown) => {
        await it.disconnect().catch(() => undefined);
        throw error;
      },
    );
    return { ready, gone: Promise.withResolvers(), users: 0 };
  }
}

/** What could not be connected, or not be disconnected, is gone all the same. */
const disconnect = async <T extends Connectable>({ ready, gone }: Instance<T>): Promise<void> => {
  await ready.then((it) => it.disconnect()).catch(() => undefined);
  gone.resolve();
};

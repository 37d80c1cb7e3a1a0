import type { Clock } from '#runtime/clock.js';

/** Milliseconds between two looks. */
const LOOK = 2_000;

/** Notices that nothing was heard for very long: kafkajs has been seen to hang without a word. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #stopped = new AbortController();
  #heardAt: number;
  #excused = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#heardAt = clock.now();
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** Waits for something during which nothing need be heard. */
  async excuse<Result>(work: Promise<Result>): Promise<Result> {
    this.#excused += 1;
    try {
      return await work;
    } finally {
      this.#excused -= 1;
      this.heard();
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Resolves once nothing was heard for longer than so many milliseconds, with an error that says so; or when stopped. */
  async silentFor(longest: number): Promise<Error | undefined> {
    const { signal } = this.#stopped;
    for (;;) {
      await this.#clock.wait(LOOK, signal);
      if (signal.aborted) return undefined;
      const silence = this.#clock.now() - this.#heardAt;
      if (this.#excused === 0 && silence > longest)
        return new Error(`no word from the broker for ${silence} ms`);
    }
  }
}

import type { Clock } from '#runtime/clock.js';

/** Wakes whoever waits for the next commit of this process. */
export class CommitBell {
  readonly #clock: Clock;
  readonly #sleepers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    for (const wake of this.#sleepers) wake();
  }

  /** Resolves when the bell rings, after `milliseconds`, or when `signal` is aborted. Never rejects. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#sleepers.add(wake);
    // One listener that is taken off again: AbortSignal.any would leave a trace on `signal` each time.
    signal.addEventListener('abort', wake);
    await this.#clock.wait(milliseconds, woken.signal);
    signal.removeEventListener('abort', wake);
    this.#sleepers.delete(wake);
  }
}

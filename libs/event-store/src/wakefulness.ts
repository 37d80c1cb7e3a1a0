import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers';

/** Turns of an idle event loop, together some 0.2 ms: a fast disk's sync, or what a sender does between two commands. */
const TURNS = 150;

/** Where there is one core, whoever stays awake keeps the other thread from running. */
const isWorthIt = availableParallelism() > 1;

/**
 * Keeps a thread's event loop turning for a moment after it has said something to the other thread.
 * To fall asleep and be woken takes tens of microseconds at either end, on a fast disk a third of what an
 * append by itself takes. Whatever else the loop has to do is done meanwhile; a longer wait is slept through.
 */
export class Wakefulness {
  #turns = 0;

  /** For the next moment, however often it is asked for. */
  stay(): void {
    if (!isWorthIt) return;
    const isAwake = this.#turns > 0;
    this.#turns = TURNS;
    if (!isAwake) setImmediate(this.#turn);
  }

  /** There is nothing to wait for any more. */
  rest(): void {
    if (this.#turns > 0) this.#turns = 1;
  }

  readonly #turn = (): void => {
    this.#turns -= 1;
    if (this.#turns > 0) setImmediate(this.#turn);
  };
}

import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import type { Life } from './life.js';
import type { VirtualTime } from './virtual-time.js';
import type { Wire } from './wire.js';

/** Milliseconds after which an answer is not waited for any more. */
const PATIENCE = 100;

export type Question<Result> = Readonly<{
  /** For the trace. */
  what: string;
  /** What happens there when it has arrived. */
  effect: () => Result;
  /** What the asker hears where no answer comes. */
  silence: (message: string) => Error;
}>;

/** What a question comes to. */
type Outcome<Result> = (
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
) => void;

/**
 * The questions of one process to the store: each goes there and its answer comes back, which takes
 * time, and either may get lost. Once on its way a question arrives, though its process may have ended.
 */
export class RoundTrips {
  readonly #time: VirtualTime;
  readonly #life: Life;
  readonly #wire: Wire;
  /** What settles those that are under way. */
  readonly #open = new Set<(outcome: Outcome<never>) => void>();
  readonly #closers: (() => void)[] = [];
  #refusal: Error | undefined;

  constructor(time: VirtualTime, life: Life, wire: Wire) {
    this.#time = time;
    this.#life = life;
    this.#wire = wire;
  }

  /** Those under way fail, and so does every other one from now on. */
  break(): void {
    const broken = new StoreBroken('the writer has died');
    this.#refusal = broken;
    for (const settle of this.#open) settle((_, reject) => reject(broken));
  }

  /** Refuses every other one, and waits for those under way. */
  async close(): Promise<void> {
    this.#refusal ??= new StoreUnavailable('closed', 'the store is closed');
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#closers.push(resolve));
  }

  ask<Result>({ what, effect, silence }: Question<Result>): Promise<Result> {
    if (this.#refusal) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      // Whatever comes first counts: an answer, silence, or the end of the store.
      const settle = (outcome: Outcome<Result>) => {
        if (!this.#open.delete(settle)) return;
        cancel();
        outcome(resolve, reject);
        if (this.#open.size === 0) for (const closed of this.#closers.splice(0)) closed();
      };
      this.#open.add(settle);
      const message = `no answer to ${what}`;
      const cancel = this.#life.after(PATIENCE, message, () =>
        settle((_, fail) => fail(silence(message))),
      );
      this.#send(what, effect, settle);
    });
  }

  #send<Result>(
    what: string,
    effect: () => Result,
    settle: (outcome: Outcome<Result>) => void,
  ): void {
    const there = this.#wire.next();
    if (there === undefined) return;
    this.#time.after(there, `${this.#life.name}: ${what} arrives`, () => {
      const outcome = this.#outcomeOf(effect);
      const back = this.#wire.next();
      if (back === undefined) return;
      this.#life.after(back, `answer to ${what}`, () => settle(outcome));
    });
  }

  #outcomeOf<Result>(effect: () => Result): Outcome<Result> {
    try {
      const result = effect();
      return (resolve) => resolve(result);
    } catch (error) {
      this.#time.note(`  refused: ${String(error)}`);
      return (_, reject) => reject(error);
    }
  }
}

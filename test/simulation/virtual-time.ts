import { Trace } from './trace.js';

type Happening = { readonly at: number; readonly what: string; happen: (() => void) | undefined };

/** Something that was planned will not happen. */
export type Cancel = () => void;

/** When every simulation begins: milliseconds since 1970. */
const BEGINNING = Date.parse('2026-11-21T09:00:00.000Z');

/**
 * The only time there is in a simulation, and the one queue of all that will happen in it. What
 * happens at the same moment happens in the order in which it was planned.
 */
export class VirtualTime {
  readonly trace = new Trace();
  /** The next one last, so that taking it is cheap. */
  readonly #planned: Happening[] = [];
  #passed = 0;

  /** Whole milliseconds since 1970. */
  get now(): number {
    return BEGINNING + Math.floor(this.#passed);
  }

  /** Milliseconds since the simulation began. */
  get passed(): number {
    return this.#passed;
  }

  /** `what` names it in the trace. */
  after(milliseconds: number, what: string, happen: () => void): Cancel {
    const planned: Happening = { at: this.#passed + milliseconds, what, happen };
    let [low, high] = [0, this.#planned.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#planned[middle]?.at ?? 0) > planned.at) low = middle + 1;
      else high = middle;
    }
    this.#planned.splice(low, 0, planned);
    return () => {
      planned.happen = undefined;
    };
  }

  /** Something that came of what is happening now, for the trace. */
  note(what: string): void {
    this.trace.add(this.#passed, what);
  }

  /** Resolves once so much time has passed. */
  wait(milliseconds: number, what: string): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, what, resolve));
  }

  /**
   * Lets things happen, one after another, until `over` says so. False where nothing is left to
   * happen before it does, or the time `until` (milliseconds since the beginning) has come.
   */
  async run(over: () => boolean, until: number): Promise<boolean> {
    await everybodyWaits();
    while (!over()) {
      const next = this.#planned.at(-1);
      if (!next || next.at > until) return false;
      this.#planned.pop();
      if (!next.happen) continue;
      this.#passed = next.at;
      this.note(next.what);
      next.happen();
      await everybodyWaits();
    }
    return true;
  }
}

/**
 * Resolves when no promise anywhere has anything left to do: Node runs a next tick that was asked for
 * by a promise's continuation only when the queue of those is empty, however long they keep it busy.
 */
const everybodyWaits = async (): Promise<void> => {
  await Promise.resolve();
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
};

import type { Cancel, VirtualTime } from './virtual-time.js';

/**
 * One run of a process, from its start to its end. What was still to happen in it never does once it
 * has ended: its promises stay open for ever, as those of a killed process do. While it sleeps, as a
 * process does between SIGSTOP and SIGCONT, what is due waits until it wakes.
 */
export class Life {
  readonly name: string;
  readonly #time: VirtualTime;
  /** What is due to happen when it wakes; undefined: it is awake. */
  #overdue: (() => void)[] | undefined;
  #over = false;

  constructor(name: string, time: VirtualTime) {
    this.name = name;
    this.#time = time;
  }

  get over(): boolean {
    return this.#over;
  }

  end(): void {
    this.#over = true;
  }

  sleep(): void {
    this.#overdue ??= [];
  }

  /** All that was due happens, one after another, and not in one step. */
  wake(): void {
    const overdue = this.#overdue ?? [];
    this.#overdue = undefined;
    for (const happen of overdue)
      this.#time.after(0, `${this.name}: something overdue`, () => this.whenAwake(happen));
  }

  after(milliseconds: number, what: string, happen: () => void): Cancel {
    let due: (() => void) | undefined = happen;
    const cancel = this.#time.after(milliseconds, `${this.name}: ${what}`, () =>
      this.whenAwake(() => due?.()),
    );
    return () => {
      due = undefined;
      cancel();
    };
  }

  /** Now, when it wakes, or never, where it has ended. */
  whenAwake(happen: () => void): void {
    if (this.#over) return;
    if (this.#overdue) this.#overdue.push(happen);
    else happen();
  }
}

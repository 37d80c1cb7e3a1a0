import type { Cancel, VirtualTime } from './virtual-time.js';

/**
 * One run of a process, from its start to its end. What was still to happen in it never does once it
 * has ended: its promises stay open for ever, as those of a killed process do.
 */
export class Life {
  readonly name: string;
  readonly #time: VirtualTime;
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

  after(milliseconds: number, what: string, happen: () => void): Cancel {
    return this.#time.after(milliseconds, `${this.name}: ${what}`, () => {
      if (!this.#over) happen();
    });
  }
}

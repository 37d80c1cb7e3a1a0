import type { Letter } from './letters.js';
import type { LedgerProcess, Reply } from './ledger-process.js';
import { nameOf } from './letters.js';
import type { VirtualTime } from './virtual-time.js';
import type { Wire } from './wire.js';

/** A way for commands to the ledger, and for its answers back. */
export interface Route {
  /** Milliseconds after which whoever sent by it sends again. */
  readonly patience: number;
  /** `hear` is called with what comes back, which may be more than once or never. */
  send(letter: Letter, hear: (reply: Reply) => void): void;
}

/** To one process, as a request over HTTP. */
export class DirectRoute implements Route {
  readonly patience = 300;
  readonly #process: LedgerProcess;
  readonly #wire: Wire;
  readonly #time: VirtualTime;

  constructor(process: LedgerProcess, wire: Wire, time: VirtualTime) {
    this.#process = process;
    this.#wire = wire;
    this.#time = time;
  }

  send(letter: Letter, hear: (reply: Reply) => void): void {
    const { name } = this.#process;
    const what = nameOf(letter);
    const there = this.#wire.next();
    if (there === undefined) return;
    this.#time.after(there, `${what} reaches ${name}`, () =>
      this.#process.receive(letter, (reply) => {
        const back = this.#wire.next();
        if (back === undefined) return;
        this.#time.after(back, `${what} is answered by ${name}`, () => hear(reply));
      }),
    );
  }
}

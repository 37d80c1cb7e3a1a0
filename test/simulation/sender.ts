import { nameOf } from './letters.js';
import type { Letter } from './letters.js';
import type { LedgerProcess, Reply } from './ledger-process.js';
import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';
import type { Wire } from './wire.js';

/** Milliseconds after which a sender sends again. */
const PATIENCE = 300;

type Parts = Readonly<{
  time: VirtualTime;
  random: Random;
  wire: Wire;
  /** It does not care which one answers. */
  processes: readonly [LedgerProcess, ...LedgerProcess[]];
}>;

/** Sends each command until it is answered, and now and then once more after that. */
export class Sender {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves when an answer has come. */
  async deliver(letter: Letter): Promise<void> {
    const { time, random } = this.#parts;
    let wished: Letter = random.chance(0.05)
      ? { ...letter, ifMatch: random.whole(-1, 20) }
      : letter;
    for (;;) {
      const reply = await this.#ask(wished);
      if (typeof reply === 'object') return;
      if (reply === 'precondition_failed') wished = letter;
      await time.wait(random.whole(5, 100), `${nameOf(letter)} is sent again`);
      if (random.chance(0.5)) wished = this.#later(wished);
    }
  }

  /** The same command: when it was issued and what caused it are not what it says. */
  #later(letter: Letter): Letter {
    const { time, random } = this.#parts;
    const issuedAt = new Date(time.now).toISOString();
    const correlationId = `try-${random.whole(1, 1_000_000)}`;
    return { ...letter, command: { ...letter.command, issuedAt }, correlationId };
  }

  #ask(letter: Letter): Promise<Reply | 'silence'> {
    const { time, random } = this.#parts;
    return new Promise((resolve) => {
      const hear = (reply: Reply | 'silence') => {
        cancel();
        resolve(reply);
      };
      const cancel = time.after(PATIENCE, `${nameOf(letter)} is not answered`, () =>
        hear('silence'),
      );
      this.#send(letter, hear);
      if (random.chance(0.1)) this.#send(random.chance(0.5) ? letter : this.#later(letter), hear);
    });
  }

  #send(letter: Letter, hear: (reply: Reply) => void): void {
    const { time, random, wire, processes } = this.#parts;
    const process = random.pick(processes);
    const what = nameOf(letter);
    const there = wire.next();
    if (there === undefined) return;
    time.after(there, `${what} reaches ${process.name}`, () =>
      process.receive(letter, (reply) => {
        const back = wire.next();
        if (back === undefined) return;
        time.after(back, `${what} is answered by ${process.name}`, () => hear(reply));
      }),
    );
  }
}

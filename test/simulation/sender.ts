import { nameOf } from './letters.js';
import type { Letter } from './letters.js';
import type { Reply } from './ledger-process.js';
import type { Random } from './random.js';
import type { Route } from './route.js';
import type { VirtualTime } from './virtual-time.js';

type Parts = Readonly<{
  time: VirtualTime;
  random: Random;
  /** It does not care who answers, and by which way. */
  routes: readonly [Route, ...Route[]];
}>;

/** Sends each command until it is answered, and now and then once more after that. */
export class Sender {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves when an answer has come, or a topic has the command for sure. */
  async deliver(letter: Letter): Promise<void> {
    const { time, random } = this.#parts;
    let wished: Letter = random.chance(0.05)
      ? { ...letter, ifMatch: random.whole(-1, 20) }
      : letter;
    for (;;) {
      const reply = await this.#ask(wished);
      if (reply === 'answered' || reply === 'taken') return;
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
    const { time, random, routes } = this.#parts;
    const route = random.pick(routes);
    return new Promise((resolve) => {
      const hear = (reply: Reply | 'silence') => {
        cancel();
        resolve(reply);
      };
      const cancel = time.after(route.patience, `${nameOf(letter)} is not answered`, () =>
        hear('silence'),
      );
      route.send(letter, hear);
      if (random.chance(0.1))
        random.pick(routes).send(random.chance(0.5) ? letter : this.#later(letter), hear);
    });
  }
}

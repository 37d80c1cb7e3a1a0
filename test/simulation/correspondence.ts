import { streamOf } from '#capture/stream-name.js';
import { Producer } from './kafka/producer.js';
import type { LedgerProcess } from './ledger-process.js';
import { lettersTo, nameOf } from './letters.js';
import type { Letter } from './letters.js';
import { DirectRoute } from './route.js';
import type { Route } from './route.js';
import { Sender } from './sender.js';
import { anyWireFaults } from './troubles.js';
import { Wire } from './wire.js';
import type { World } from './world.js';

/** By which way the commands of each authorization come. */
const ways = [
  ['auth-1', 'either'],
  ['auth-2', 'topic'],
  ['auth-3', 'topic'],
] as const;

/** Of every authorization's first letter: more than a consumer hands on in one turn. */
const FLOOD = 120;

/** All that is sent to one authorization, in order. */
type Life = Readonly<{
  authorizationId: string;
  way: (typeof ways)[number][1];
  letters: readonly Letter[];
}>;

type Processes = readonly [LedgerProcess, ...LedgerProcess[]];
type Routes = readonly [Route, ...Route[]];

/** All that is sent, by whom and when, and how much of it is still waited for. */
export class Correspondence {
  /** Between senders and everybody else. */
  readonly wire: Wire;
  readonly #world: World;
  readonly #lives: readonly Life[];
  #unanswered = 0;

  constructor(world: World) {
    const { random } = world;
    this.#world = world;
    this.wire = new Wire(random.fork(), anyWireFaults(random));
    this.#lives = ways.map(([authorizationId, way]) => {
      const letters = lettersTo(authorizationId, random.fork());
      return { authorizationId, way, letters };
    });
  }

  get unanswered(): number {
    return this.#unanswered;
  }

  letters(): readonly Letter[] {
    return this.#lives.flatMap(({ letters }) => letters);
  }

  /** The streams of authorizations whose commands come by the topic alone. */
  streamsByTopic(): ReadonlySet<string> {
    const byTopic = this.#lives.filter(({ way }) => way === 'topic');
    return new Set(
      byTopic.map(({ authorizationId }) =>
        streamOf({ merchantAccountId: 'default', authorizationId }),
      ),
    );
  }

  /** Each letter about when it is due, and some a second time, before that or after. */
  plan(processes: Processes, until: number): void {
    const { random } = this.#world;
    const spread = random.pick([50, until / 2, until]);
    const producer = this.#producer();
    const routes = { either: [producer, ...this.#routesTo(processes)], topic: [producer] } as const;
    for (const life of this.#lives) {
      const { way, letters } = life;
      const sender = this.#senderBy(routes[way]);
      for (const [index, letter] of letters.entries()) {
        const due = (index / letters.length) * spread;
        this.#plan(sender, letter, due + random.whole(0, 100));
        if (random.chance(0.2)) this.#plan(sender, letter, random.whole(0, until + 500));
      }
      this.#planRubbish(producer, life, until);
    }
  }

  /** Every letter once more, now, and to this process. */
  repeat(process: LedgerProcess): void {
    const sender = this.#senderBy(this.#routesTo([process]));
    for (const letter of this.letters()) this.#plan(sender, letter, 0);
  }

  #plan(sender: Sender, letter: Letter, at: number): void {
    this.#unanswered += 1;
    this.#world.time.after(at, `${nameOf(letter)} is sent`, () => {
      void sender.deliver(letter).then(() => (this.#unanswered -= 1));
    });
  }

  #planRubbish(producer: Producer, { authorizationId, letters }: Life, until: number): void {
    const { random, time, kafka } = this.#world;
    if (random.chance(0.5))
      time.after(random.whole(0, until), `poison for ${authorizationId} is sent`, () =>
        producer.sendPoison(authorizationId),
      );
    const [first] = letters;
    if (first && kafka.fetchMax === Infinity)
      time.after(random.whole(0, 200), `${nameOf(first)} is sent ${FLOOD} times`, () =>
        producer.flood(first, FLOOD),
      );
  }

  #senderBy(routes: Routes): Sender {
    const { time, random } = this.#world;
    return new Sender({ time, random: random.fork(), routes });
  }

  #routesTo([first, ...others]: Processes): Routes {
    const { time } = this.#world;
    const routeTo = (process: LedgerProcess) => new DirectRoute(process, this.wire, time);
    return [routeTo(first), ...others.map(routeTo)];
  }

  #producer(): Producer {
    const { kafka, time, random, records: witness, findings } = this.#world;
    const { meet } = findings;
    return new Producer({ kafka, time, random: random.fork(), wire: this.wire, witness, meet });
  }
}

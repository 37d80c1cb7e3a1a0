import type { EventStore } from '#event-store/event-store.js';
import { Findings } from './findings.js';
import type { Violation } from './findings.js';
import { LedgerProcess } from './ledger-process.js';
import { lettersTo, nameOf } from './letters.js';
import type { Letter } from './letters.js';
import { proveLog } from './log-proof.js';
import { Random } from './random.js';
import { Sender } from './sender.js';
import { SimulatedLog } from './simulated-log.js';
import type { Sameness } from './simulated-log.js';
import { StoreTrouble } from './store-trouble.js';
import type { Surroundings } from './surroundings.js';
import { anyWireFaults, planTroubles } from './troubles.js';
import { removeFolder, viewsIn } from './views-folder.js';
import { proveViews } from './views-proof.js';
import { VirtualTime } from './virtual-time.js';
import { Wire } from './wire.js';
import { Witness } from './witness.js';

/** What of the simulated world is broken on purpose; nothing by default. */
export type Variant = Readonly<{
  aroundStore?: (store: EventStore) => EventStore;
  sameness?: Sameness;
}>;

export type Outcome = Readonly<{
  seed: number;
  violations: readonly Violation[];
  /** Of all that happened: the same seed gives the same one. */
  hash: string;
  /** The last that happened before the first violation. */
  tail: string;
  met: ReadonlyMap<string, number>;
}>;

/** Milliseconds after the end of all trouble in which everybody must have got what they wait for. */
const PATIENCE = 60_000;

/** Two ledgers on one store, their senders, and what goes wrong: everything follows from the seed. */
export const simulate = async (seed: number, variant: Variant = {}): Promise<Outcome> => {
  const simulation = new Simulation(seed, variant);
  try {
    return await simulation.run();
  } finally {
    removeFolder(simulation.folder);
  }
};

class Simulation {
  readonly folder: string;
  readonly #seed: number;
  readonly #time = new VirtualTime();
  readonly #findings = new Findings();
  readonly #log: SimulatedLog;
  readonly #wire: Wire;
  readonly #around: Surroundings;
  /** Per authorization, in order. */
  readonly #lives: readonly (readonly Letter[])[];
  #unanswered = 0;

  constructor(seed: number, { aroundStore = (store) => store, sameness }: Variant) {
    const random = new Random(seed);
    const witness = new Witness(this.#findings);
    this.folder = `/simulation-${seed}`;
    this.#seed = seed;
    this.#log = new SimulatedLog((event) => witness.recorded(event), sameness);
    this.#wire = new Wire(random.fork(), anyWireFaults(random));
    this.#around = {
      time: this.#time,
      random,
      log: this.#log,
      trouble: new StoreTrouble(
        new Wire(random.fork(), anyWireFaults(random)),
        this.#findings.meet,
      ),
      folder: this.folder,
      aroundStore,
      findings: this.#findings,
      witness,
    };
    this.#lives = ['auth-1', 'auth-2'].map((id) => lettersTo(id, random.fork()));
  }

  async run(): Promise<Outcome> {
    const processes = [this.#process('A'), this.#process('B')] as const;
    await this.#through(processes);
    if (this.#findings.violations.length === 0) await this.#askAgain(this.#process('Z'));
    if (this.#findings.violations.length === 0) this.#prove();
    const { violations, met } = this.#findings;
    const { trace } = this.#time;
    const [hash, tail] = [trace.hash(), trace.tail()];
    return { seed: this.#seed, violations, hash, tail, met };
  }

  async #through(processes: readonly [LedgerProcess, LedgerProcess]): Promise<void> {
    const { random, trouble } = this.#around;
    const until = random.whole(800, 3_000);
    const wires = [this.#wire, trouble.wire];
    const { folder } = this;
    planTroubles({ time: this.#time, random, processes, trouble, wires, folder, until });
    this.#planLetters(this.#senderTo(processes), until);
    const settled = () =>
      this.#unanswered === 0 && this.#time.passed >= until && this.#viewsAreThere();
    if (!(await this.#runUntil(settled, until + PATIENCE))) this.#stuck(processes);
  }

  /** Each about when it is due, and some a second time, before that or after. */
  #planLetters(sender: Sender, until: number): void {
    const { random } = this.#around;
    const spread = random.pick([50, until / 2, until]);
    for (const letters of this.#lives) {
      for (const [index, letter] of letters.entries()) {
        const due = (index / letters.length) * spread;
        this.#plan(sender, letter, due + random.whole(0, 100));
        if (random.chance(0.2)) this.#plan(sender, letter, random.whole(0, until + 500));
      }
    }
  }

  /** A process that knows nothing but the log gives everybody the answers that they were given. */
  async #askAgain(process: LedgerProcess): Promise<void> {
    const sender = this.#senderTo([process]);
    const head = this.#log.head();
    for (const letter of this.#lives.flat()) this.#plan(sender, letter, 0);
    const answered = () => this.#unanswered === 0;
    if (!(await this.#runUntil(answered, this.#time.passed + PATIENCE))) this.#stuck([process]);
    if (this.#log.head() !== head)
      this.#findings.violated('acknowledged_and_lost', 'asked again, the log has grown');
  }

  #runUntil(settled: () => boolean, until: number): Promise<boolean> {
    return this.#time.run(() => this.#findings.violations.length > 0 || settled(), until);
  }

  #process(name: string): LedgerProcess {
    const process = new LedgerProcess(name, this.#around);
    process.start();
    return process;
  }

  #senderTo(processes: readonly [LedgerProcess, ...LedgerProcess[]]): Sender {
    const random = this.#around.random.fork();
    return new Sender({ time: this.#time, random, wire: this.#wire, processes });
  }

  #plan(sender: Sender, letter: Letter, at: number): void {
    this.#unanswered += 1;
    this.#time.after(at, `${nameOf(letter)} is sent`, () => {
      void sender.deliver(letter).then(() => (this.#unanswered -= 1));
    });
  }

  #viewsAreThere(): boolean {
    const [position] = (viewsIn(this.folder)?.prepare('SELECT position FROM checkpoint').get() ??
      []) as unknown as number[];
    return position === this.#log.head();
  }

  #stuck(processes: readonly LedgerProcess[]): void {
    const down = processes.filter(({ up }) => !up).map(({ name }) => name);
    this.#findings.violated(
      'stuck',
      `${this.#unanswered} commands unanswered, views behind: ${!this.#viewsAreThere()}, down: ${down.join()}`,
    );
  }

  #prove(): void {
    proveLog(this.#log, this.#lives.flat(), this.#findings);
    const views = viewsIn(this.folder);
    if (views) proveViews(this.#log, views, this.#findings);
  }
}

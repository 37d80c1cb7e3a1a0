import { Correspondence } from './correspondence.js';
import type { Violation } from './findings.js';
import { proveOrder } from './kafka/order-proof.js';
import { LedgerProcess } from './ledger-process.js';
import { proveLog } from './log-proof.js';
import { Random } from './random.js';
import { planTroubles } from './troubles.js';
import { IDENTITY } from './simulated-event-store.js';
import { removeFolder, viewsIn } from './views-folder.js';
import { proveViews } from './views-proof.js';
import { worldOf } from './world.js';
import type { Variant, World } from './world.js';

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

/** Two ledgers on one store and one broker, their senders, and what goes wrong: all follows from the seed. */
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
  readonly #world: World;
  readonly #correspondence: Correspondence;

  constructor(seed: number, variant: Variant) {
    this.folder = `/simulation-${seed}`;
    this.#seed = seed;
    this.#world = worldOf(new Random(seed), this.folder, variant);
    this.#correspondence = new Correspondence(this.#world);
  }

  async run(): Promise<Outcome> {
    const { findings, time } = this.#world;
    const processes = [this.#process('A'), this.#process('B')] as const;
    await this.#through(processes);
    if (findings.violations.length === 0) await this.#askAgain(this.#process('Z'));
    if (findings.violations.length === 0) this.#prove();
    const { violations, met } = findings;
    const [hash, tail] = [time.trace.hash(), time.trace.tail()];
    return { seed: this.#seed, violations, hash, tail, met };
  }

  async #through(processes: readonly [LedgerProcess, LedgerProcess]): Promise<void> {
    const { random, time, trouble, kafka } = this.#world;
    const until = random.whole(800, random.pick([3_000, 3_000, 8_000]));
    const wires = [this.#correspondence.wire, trouble.wire, kafka.wire];
    planTroubles({ ...this.#world, processes, wires, until });
    this.#correspondence.plan(processes, until);
    const settled = () => time.passed >= until && this.#allIsWorkedOff();
    if (!(await this.#runUntil(settled, until + PATIENCE))) this.#stuck(processes);
  }

  /** A process that knows nothing but the log gives everybody the answers that they were given. */
  async #askAgain(process: LedgerProcess): Promise<void> {
    const { log, time, findings } = this.#world;
    const head = log.head();
    this.#correspondence.repeat(process);
    // What was still on its way to the topic may have come in the meantime.
    const settled = () => this.#allIsWorkedOff();
    if (!(await this.#runUntil(settled, time.passed + PATIENCE))) this.#stuck([process]);
    if (log.head() !== head)
      findings.violated('acknowledged_and_lost', 'asked again, the log has grown');
  }

  #runUntil(settled: () => boolean, until: number): Promise<boolean> {
    const { findings, time } = this.#world;
    return time.run(() => findings.violations.length > 0 || settled(), until);
  }

  #process(name: string): LedgerProcess {
    const process = new LedgerProcess(name, this.#world);
    process.start();
    return process;
  }

  /** Everybody has an answer, every partition is worked off, and the views show the end of the log. */
  #allIsWorkedOff(): boolean {
    const { kafka } = this.#world;
    return (
      this.#correspondence.unanswered === 0 &&
      kafka.lag() === 0 &&
      this.#viewsAreThere() &&
      this.#allIsPublished()
    );
  }

  #viewsAreThere(): boolean {
    const [position] = (viewsIn(this.folder)?.prepare('SELECT position FROM checkpoint').get() ??
      []) as unknown as number[];
    return position === this.#world.log.head();
  }

  #allIsPublished(): boolean {
    const { log, kafka } = this.#world;
    const { at } = kafka.publication;
    return log.head() === (at?.position ?? 0) && at?.republication === undefined;
  }

  #stuck(processes: readonly LedgerProcess[]): void {
    const { findings, kafka } = this.#world;
    const down = processes.filter(({ up }) => !up).map(({ name }) => name);
    const what = [
      `commands unanswered: ${this.#correspondence.unanswered}`,
      `records not worked off: ${kafka.lag()}`,
      `views behind: ${!this.#viewsAreThere()}`,
      `not published: ${!this.#allIsPublished()}`,
      `down: ${down.join()}`,
    ];
    findings.violated('stuck', what.join(', '));
  }

  #prove(): void {
    const { log, kafka, records, findings } = this.#world;
    proveLog(log, this.#correspondence.letters(), findings);
    const views = viewsIn(this.folder);
    if (views) proveViews(log, views, findings);
    kafka.publication.prove(log, IDENTITY);
    records.prove(kafka.commands.records());
    proveOrder(log, kafka.commands, records, this.#correspondence.streamsByTopic(), findings);
  }
}

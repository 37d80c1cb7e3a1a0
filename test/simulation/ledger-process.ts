import { join } from 'node:path';
import { Decisions } from '#commands/decisions.js';
import type { Decided } from '#commands/answer.js';
import { PreconditionFailed } from '#commands/precondition-failed.js';
import type { SubmittedCommand } from '#commands/submitted-command.js';
import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { Projector } from '#projections/projector.js';
import { Life } from './life.js';
import { decisionsObserver, projectorObserver } from './observers.js';
import { SimulatedEventStore } from './simulated-event-store.js';
import { VirtualClock } from './virtual-clock.js';
import { endRun } from './views-folder.js';
import type { Surroundings } from './surroundings.js';
import type { Taken } from './witness.js';

/** What a sender hears: an answer, that the revision is another, or that it should try again later. */
export type Reply = Decided | 'precondition_failed' | 'unavailable';

/** All that lives and dies together. */
type Run = Readonly<{
  life: Life;
  store: SimulatedEventStore;
  decisions: Decisions;
  projecting: AbortController;
  projected: Promise<void>;
  /** The commands that were taken and are not answered yet. */
  open: Set<Taken>;
}>;

/**
 * A ledger's process, as often as it is started: decisions and projector on a store of their own, and
 * nothing that outlives a run but the log and the folder with the views.
 */
export class LedgerProcess {
  readonly name: string;
  readonly #around: Surroundings;
  #run: Run | undefined;
  #runs = 0;
  #taken = 0;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
  }

  get up(): boolean {
    return this.#run !== undefined;
  }

  start(): void {
    if (this.#run) return;
    const { time, random, log, trouble, folder, aroundStore } = this.#around;
    this.#runs += 1;
    const life = new Life(`${this.name}${this.#runs}`, time);
    const clock = new VirtualClock(time, life, random.fork());
    const store = new SimulatedEventStore({ log, time, life, clock, trouble });
    const seen: EventStore = aroundStore(store);
    const projecting = new AbortController();
    const projector = new Projector({
      store: seen,
      folder: join(folder, life.name),
      clock,
      observer: projectorObserver(this.#around.findings),
    });
    const projected = projector
      .run(projecting.signal)
      .catch((error: unknown) => this.#fatal(error));
    const decisions = new Decisions(
      seen,
      clock,
      decisionsObserver(this.#around.findings, (error) => this.#fatal(error)),
    );
    this.#run = { life, store, decisions, projecting, projected, open: new Set() };
  }

  /** One that is not up takes nothing, and one that has ended answers nothing. */
  receive(submitted: SubmittedCommand, reply: (reply: Reply) => void): void {
    const run = this.#run;
    if (!run) return;
    const { witness, log } = this.#around;
    const since = log.revisionOf(submitted.stream);
    this.#taken += 1;
    const taken = { by: run.life.name, place: this.#taken };
    run.open.add(taken);
    const answered = (decided: Decided) => {
      run.open.delete(taken);
      witness.answered(submitted, decided, taken);
      reply(decided);
    };
    const rejected = (error: unknown) => {
      run.open.delete(taken);
      const preconditionFailed = error instanceof PreconditionFailed;
      if (preconditionFailed) witness.refused(submitted, error.revision, since);
      else this.#expectTroubleOfStore(error);
      reply(preconditionFailed ? 'precondition_failed' : 'unavailable');
    };
    run.decisions.submit(submitted).then(answered, rejected);
  }

  /** kill -9: in the middle of anything. */
  kill(): void {
    const run = this.#run;
    this.#run = undefined;
    if (!run) return;
    run.life.end();
    endRun(this.#around.folder, run.life.name);
  }

  /** SIGTERM: what was taken is answered. Resolves when it is over. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (!run) return;
    await run.decisions.close();
    if (run.open.size > 0)
      this.#around.findings.violated('stuck', `${run.life.name} stopped, ${run.open.size} open`);
    run.projecting.abort();
    await run.projected;
    await run.store.close();
    if (this.#run === run) this.kill();
  }

  /** The store's writer dies: the process has to find out, and to end. */
  breakStore(): void {
    this.#run?.store.break();
  }

  #expectTroubleOfStore(error: unknown): void {
    if (error instanceof StoreUnavailable || error instanceof StoreBroken) return;
    this.#around.findings.violated('alarm', `a command was rejected with ${String(error)}`);
  }

  /** The process ends, and whoever looks after it starts it again. */
  #fatal(error: unknown): void {
    const { findings, time } = this.#around;
    if (!(error instanceof StoreBroken)) findings.violated('alarm', String(error));
    findings.meet('process ended by itself');
    this.kill();
    time.after(50, `${this.name} is started again`, () => this.start());
  }
}

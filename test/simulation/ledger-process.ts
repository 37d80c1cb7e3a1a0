import type { Decided } from '#commands/answer.js';
import { PreconditionFailed } from '#commands/precondition-failed.js';
import type { SubmittedCommand } from '#commands/submitted-command.js';
import { StoreBroken, StoreUnavailable } from '#event-store/event-store.js';
import { startRun } from './ledger-run.js';
import type { LedgerRun } from './ledger-run.js';
import { Life } from './life.js';
import { endRun } from './views-folder.js';
import type { Surroundings } from './surroundings.js';

/**
 * What a sender hears: that there is an answer, that the revision is another, that it should try again
 * later, or that a topic has its command.
 */
export type Reply = 'answered' | 'precondition_failed' | 'unavailable' | 'taken';

/**
 * A ledger's process, as often as it is started: consumer, decisions, projector and publisher on a
 * store of their own, and nothing that outlives a run but the log, the topics and the folder with the views.
 */
export class LedgerProcess {
  readonly name: string;
  readonly #around: Surroundings;
  #run: LedgerRun | undefined;
  #runs = 0;
  #taken = 0;
  readonly #atNextGroups: (() => void)[] = [];

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
  }

  get up(): boolean {
    return this.#run !== undefined;
  }

  start(): void {
    if (this.#run) return;
    this.#runs += 1;
    const around = this.#around;
    const life = new Life(`${this.name}${this.#runs}`, around.time);
    this.#run = startRun({
      around,
      life,
      submit: (run, submitted) => this.#submit(run, submitted),
      fatal: (error) => this.#fatal(life, error),
      onGroup: () => this.#atNextGroups.shift()?.(),
    });
  }

  /** One that is not up takes nothing, and one that has ended answers nothing. */
  receive(submitted: SubmittedCommand, reply: (reply: Reply) => void): void {
    const run = this.#run;
    run?.life.whenAwake(() => {
      this.#submit(run, submitted).then(
        () => reply('answered'),
        (error: unknown) =>
          reply(error instanceof PreconditionFailed ? 'precondition_failed' : 'unavailable'),
      );
    });
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
    await new Promise<void>((resolve) => run.life.whenAwake(resolve));
    await run.consumer.stop();
    await run.decisions.close();
    if (run.open.size > 0)
      this.#around.findings.violated('stuck', `${run.life.name} stopped, ${run.open.size} open`);
    run.projecting.abort();
    await run.projected;
    await run.store.close();
    if (this.#run === run) this.kill();
  }

  /** SIGSTOP, and after so many milliseconds SIGCONT: for the process no time has passed. */
  pause(milliseconds: number): void {
    const run = this.#run;
    if (!run) return;
    run.life.sleep();
    const goesOn = `${run.life.name} goes on after ${milliseconds} ms`;
    this.#around.time.after(milliseconds, goesOn, () => run.life.wake());
  }

  /** Happens when it next has records of the topic in hand: one such thing at a time. */
  atNextGroup(happen: () => void): void {
    this.#atNextGroups.push(happen);
  }

  /** The store's writer dies: the process has to find out, and to end. */
  breakStore(): void {
    const run = this.#run;
    run?.life.whenAwake(() => run.store.break());
  }

  /** What it comes to is seen by the witness, whoever brought it and whether or not anybody hears it. */
  async #submit(
    { life, decisions, open }: LedgerRun,
    submitted: SubmittedCommand,
  ): Promise<Decided> {
    const { witness, log } = this.#around;
    const since = log.revisionOf(submitted.stream);
    this.#taken += 1;
    const taken = { by: life.name, place: this.#taken };
    open.add(taken);
    try {
      const decided = await decisions.submit(submitted);
      witness.answered(submitted, decided, taken);
      return decided;
    } catch (error) {
      if (error instanceof PreconditionFailed) witness.refused(submitted, error.revision, since);
      else this.#expectTroubleOfStore(error);
      throw error;
    } finally {
      open.delete(taken);
    }
  }

  #expectTroubleOfStore(error: unknown): void {
    if (error instanceof StoreUnavailable || error instanceof StoreBroken) return;
    this.#around.findings.violated('alarm', `a command was rejected with ${String(error)}`);
  }

  /** The process ends, and whoever looks after it starts it again. */
  #fatal(life: Life, error: unknown): void {
    if (life.over) return;
    const { findings, time } = this.#around;
    if (!(error instanceof StoreBroken)) findings.violated('alarm', String(error));
    findings.meet('process ended by itself');
    this.kill();
    time.after(50, `${this.name} is started again`, () => this.start());
  }
}

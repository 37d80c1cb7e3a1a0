import type { Clock } from './clock.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import type { Health } from './health.js';
import type { Log } from './log.js';

/** A part that was opened, and how to close it: resolves when nothing of it is under way any more. */
export type Close = () => Promise<unknown>;

/** A start was not gone on with, since the process is to stop. */
export class StoppedAtStart extends Error {
  override readonly name = 'StoppedAtStart';
}

export type LifecycleOptions = Readonly<{
  clock: Clock;
  health: Health;
  log: Log;
  /** The app knows the errors of all rooms: `exitCodeOf` of trouble.ts, and what it adds to it. */
  exitCodeOf: (error: unknown) => ExitCode;
  /** How the process ends; `process.exit`. */
  exit: (code: ExitCode) => void;
}>;

/** Milliseconds that the parts have to close, all together. */
export const STOP_WITHIN_MS = 10_000;

/** Ctrl-C under npm reaches the process twice, from the terminal and from npm: within this time it is one. */
const SAME_SIGNAL_MS = 500;

/**
 * How the process comes up, stops and ends.
 *
 * Each part says when it has been opened; they are closed one after another in the reverse order, so
 * that each can still use what it was built on. Opened in the order store, views, decisions, HTTP,
 * they are stopped as they must be: HTTP takes no more and answers what it has, what is decided is
 * drained, the views are published and stop, the store closes.
 */
export class Lifecycle {
  readonly #clock: Clock;
  readonly #health: Health;
  readonly #log: Log;
  readonly #exit: (code: ExitCode) => void;
  readonly #exitCodeOf: (error: unknown) => ExitCode;
  readonly #open = new Map<string, Close>();
  readonly #stopping = new AbortController();
  #starting: Promise<unknown> | undefined;
  #stopped: Promise<ExitCode> | undefined;
  #signaledAt: number | undefined;

  constructor({ clock, health, log, exit, exitCodeOf }: LifecycleOptions) {
    this.#clock = clock;
    this.#health = health;
    this.#log = log;
    this.#exit = exit;
    this.#exitCodeOf = exitCodeOf;
  }

  /** Aborted when the process is to stop. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /**
   * Opens the parts. A stop that comes meanwhile closes none before `open` has ended, so that `open` soon
   * asks {@link mayGoOn}.
   *
   * @throws {StoppedAtStart} or what `open` throws.
   */
  async start<Opened>(open: () => Promise<Opened>): Promise<Opened> {
    const opening = open();
    this.#starting = opening.catch(() => undefined);
    const opened = await opening.finally(() => (this.#starting = undefined));
    this.mayGoOn();
    return opened;
  }

  /** @throws {StoppedAtStart} the process is to stop: nothing more is to be opened. */
  mayGoOn(): void {
    if (this.stopping.aborted) throw new StoppedAtStart('told to stop before it had started');
  }

  /** `name` is open and wants closing. Its name is new. */
  opened(name: string, close: Close): void {
    if (this.#open.has(name)) throw new Error(`the part ${name} is open already`);
    this.#open.set(name, close);
  }

  /**
   * Closes everything, within 10 s, and tells the code to exit with: that of the first part that failed
   * to close, `unexpected` if something is still open, else `ok`. It does not exit.
   */
  stop(why: string): Promise<ExitCode> {
    this.#stopped ??= this.#stop(why);
    return this.#stopped;
  }

  /**
   * Ends the process at once, with the exit code of `error`: nothing can be trusted to close in
   * order. What was acknowledged is durable, and senders repeat the rest.
   */
  fatal(error: unknown): void {
    if (this.#health.phase === 'broken') return;
    this.#health.enter('broken');
    this.#log.fatal({ err: error }, 'the process cannot go on');
    this.#exit(this.#exitCodeOf(error));
  }

  /** SIGTERM or SIGINT: the first stops in order and exits, a second exits at once. */
  signaled(signal: string): void {
    const now = this.#clock.now();
    const again = this.#signaledAt !== undefined;
    if (again && now - this.#signaledAt! < SAME_SIGNAL_MS) return;
    this.#signaledAt = now;
    if (again) {
      this.#log.error(
        { signal, open: [...this.#open.keys()] },
        'told again to stop: left these open',
      );
      this.#exit(exitCodes.unexpected);
    } else {
      void this.stop(signal).then(this.#exit);
    }
  }

  /** Takes over the signals of this process, and the errors that nobody caught. Once, from `main`. */
  guardProcess(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => this.signaled(signal));
    // A rejection that nobody handled arrives here as well.
    process.on('uncaughtException', (error) => this.fatal(error));
  }

  async #stop(why: string): Promise<ExitCode> {
    this.#health.enter('stopping');
    this.#stopping.abort();
    this.#log.info({ why, open: [...this.#open.keys()] }, 'stopping');
    const closed = new AbortController();
    const tooLong = this.#clock.wait(STOP_WITHIN_MS, closed.signal);
    const code = await Promise.race([this.#closeAll(), tooLong.then(() => undefined)]);
    closed.abort();
    if (code === undefined) {
      const open = [...this.#open.keys()];
      this.#log.error({ open }, `not stopped within ${STOP_WITHIN_MS} ms: left these open`);
      return exitCodes.unexpected;
    }
    this.#log.info({}, 'stopped');
    return code;
  }

  // What is opened while others are closing is closed too: the start may have been under way.
  async #closeAll(): Promise<ExitCode> {
    if (this.#starting) await this.#starting;
    let code: ExitCode = exitCodes.ok;
    for (let last = this.#last(); last !== undefined; last = this.#last()) {
      const [name, close] = last;
      try {
        await close();
      } catch (error) {
        this.#log.error({ part: name, err: error }, 'did not close');
        if (code === exitCodes.ok) code = this.#exitCodeOf(error);
      }
      this.#open.delete(name);
    }
    return code;
  }

  #last(): [name: string, close: Close] | undefined {
    return [...this.#open].at(-1);
  }
}

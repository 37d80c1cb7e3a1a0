import type { Worker } from 'node:worker_threads';
import { StoreBroken, StoreUnavailable, WrongExpectedRevision } from '#event-store/event-store.js';
import type { Appended } from '#event-store/event-store.js';
import { StoreRefused } from '#event-store/store-refused.js';
import { packAppends, unpackOutcome } from '#event-store/writer-protocol.js';
import type { Append, FromWriter, Outcome, ToWriter } from '#event-store/writer-protocol.js';
import type { Clock } from '#runtime/clock.js';

type Pending = Readonly<{
  append: Append;
  resolve: (appended: Appended) => void;
  reject: (error: Error) => void;
}>;

/** Appends of one group: far beyond where more of them would save anything, and it bounds a message. */
const MAX_GROUP = 1_024;

/** Appends that are worth a message of their own, so that the writer is at work on them while others are still asked for. */
const PART = 16;

/**
 * The main thread's end of the writer: one group is in flight, and what arrives meanwhile is the
 * next. The slower the disk, the larger the groups.
 */
export class GroupCommit {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #onCommit: () => void;
  readonly #ended: Promise<void>;
  #waiting: Pending[] = [];
  #inFlight: Pending[] = [];
  #closing = false;
  /** A group is being gathered: it is whole when this turn ends. */
  #gathering = false;
  #broken: StoreBroken | undefined;

  private constructor(worker: Worker, clock: Clock, onCommit: () => void) {
    this.#onCommit = onCommit;
    this.#worker = worker;
    this.#clock = clock;
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        if (!this.#closing || this.#inFlight.length > 0) this.#break('the writer has ended');
        resolve();
      });
    });
    worker.on('error', (error) => this.#break(String(error)));
  }

  /**
   * Takes over a worker that runs {@link serveAppends}, once it has opened the file. `onCommit` is
   * called whenever something was appended, before those who asked for it hear of it.
   *
   * @throws {StoreRefused} this build must not open the file.
   * @throws {StoreUnavailable} the file is locked, or the disk full.
   * @throws {StoreBroken} the file cannot be opened, or the worker died.
   */
  static async start(worker: Worker, clock: Clock, onCommit: () => void): Promise<GroupCommit> {
    const writer = new GroupCommit(worker, clock, onCommit);
    const first = await Promise.race([
      new Promise<FromWriter>((resolve) => {
        worker.once('message', resolve);
      }),
      writer.#ended,
    ]);
    if (first === undefined) throw writer.broken ?? new StoreBroken('the writer did not start');
    mustBeReady(first);
    worker.on('message', (message: FromWriter) => writer.#hear(message));
    return writer;
  }

  /** Set once nothing can be relied on any more; then for good. */
  get broken(): StoreBroken | undefined {
    return this.#broken;
  }

  append(append: Append): Promise<Appended> {
    if (this.#broken) return Promise.reject(this.#broken);
    if (this.#closing) return Promise.reject(new StoreUnavailable('closed', 'the store is closed'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject });
      this.#gather();
    });
  }

  /** Takes nothing more, waits for what was taken, closes the file and ends the worker. */
  close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.#send();
    }
    return this.#ended;
  }

  /** Callers that were answered together ask together: what they ask goes as one group. */
  #gather(): void {
    if (this.#gathering) {
      const room = MAX_GROUP - this.#inFlight.length;
      if (this.#waiting.length === PART && room > PART) this.#sendPart(false);
    } else if (this.#inFlight.length === 0) {
      this.#gathering = true;
      queueMicrotask(() => {
        // It may have broken meanwhile.
        if (this.#gathering) this.#sendPart(true);
      });
    }
  }

  #send(): void {
    if (this.#inFlight.length > 0) return;
    if (this.#waiting.length > 0) this.#sendPart(true);
    else if (this.#closing) this.#post('close');
  }

  #sendPart(isWhole: boolean): void {
    const part = this.#waiting.splice(0, MAX_GROUP - this.#inFlight.length);
    this.#inFlight.push(...part);
    this.#gathering = !isWhole;
    const appends = part.map(({ append }) => append);
    this.#post(packAppends(appends, { recordedAt: this.#clock.now(), isWhole }));
  }

  #post(message: ToWriter): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(message);
  }

  #hear(message: FromWriter): void {
    if ('said' in message) {
      this.#break(message.said === 'ready' ? 'the writer began anew' : message.message);
      return;
    }
    const group = this.#inFlight;
    this.#inFlight = [];
    // The next group is under way while the callers of this one go on.
    this.#send();
    const outcomes = group.map((_, index) => unpackOutcome(message, index));
    if (outcomes.some(({ kind }) => kind === 'appended')) this.#onCommit();
    for (const [index, pending] of group.entries()) settle(pending, outcomes[index]!);
  }

  #break(message: string): void {
    this.#broken ??= new StoreBroken(message);
    const pending = [...this.#inFlight, ...this.#waiting];
    this.#inFlight = [];
    this.#waiting = [];
    this.#gathering = false;
    for (const { reject } of pending) reject(this.#broken);
  }
}

const mustBeReady = (first: FromWriter): void => {
  if (!('said' in first)) throw new Error('the writer spoke of appends before it was ready');
  if (first.said === 'ready') return;
  if (first.said === 'refused') throw new StoreRefused(first.message);
  if (first.said === 'broken') throw new StoreBroken(first.message);
  throw new StoreUnavailable(first.said, first.message);
};

const settle = ({ append, resolve, reject }: Pending, outcome: Outcome): void => {
  switch (outcome.kind) {
    case 'appended':
      return resolve({ revision: outcome.revision, position: outcome.position });
    case 'conflict':
      return reject(
        new WrongExpectedRevision(append.stream, append.expectedRevision, outcome.actual),
      );
    case 'busy':
      return reject(
        new StoreUnavailable('busy', 'another process holds the store; nothing written'),
      );
    case 'full':
      return reject(new StoreUnavailable('full', 'the disk is full; nothing written'));
  }
};

import { isFact } from '#capture/commands.js';
import { unreachable } from '#capture/decider.js';
import {
  AppendAmbiguous,
  StoreBroken,
  StoreUnavailable,
  WrongExpectedRevision,
} from '#event-store/event-store.js';
import type { EventStore, NewEvent } from '#event-store/event-store.js';
import { UnknownEvent } from '#event-store/event-codec.js';
import type { Clock } from '#runtime/clock.js';
import type { Decided } from './answer.js';
import type { Alarm, DecisionsObserver } from './decisions-observer.js';
import { decideGroup } from './group-decision.js';
import type { GroupDecision, Verdict } from './group-decision.js';
import { PreconditionFailed } from './precondition-failed.js';
import { StreamHistories } from './stream-histories.js';
import type { StreamHistory } from './stream-history.js';
import { StreamQueues } from './stream-queues.js';
import type { SubmittedCommand } from './submitted-command.js';
import { commandIdReused, failedAnswer, historyFull } from './undecided-answer.js';
import type { FailureReason } from './undecided-answer.js';

/** Commands of one stream that are decided for one append, at most. */
const GROUP_MAX = 512;
/** Tries at a stream that cannot be used, and at a command whose deciding throws. */
const TRIES_MAX = 3;
/** Appends that meet another writer's, in a row, before the store is said to be busy. */
const CONFLICTS_MAX = 20;
/** The identical append again, where its answer was lost. */
const RESENDS_MAX = 5;

type Waiting = {
  readonly submitted: SubmittedCommand;
  readonly since: number;
  /** How often deciding it has thrown. */
  throws: number;
  readonly resolve: (decided: Decided) => void;
  readonly reject: (error: Error) => void;
};

/**
 * Where the commands of every transport are decided: in order and in groups per authorization, all
 * that a group decides in one append. Different authorizations go concurrently, and the store makes
 * their appends durable together.
 */
export class Decisions {
  readonly #store: EventStore;
  readonly #clock: Clock;
  readonly #observer: DecisionsObserver;
  readonly #histories: StreamHistories;
  readonly #queues = new StreamQueues<Waiting>((stream, group) => this.#answerAll(stream, group));
  #closed = false;

  constructor(store: EventStore, clock: Clock, observer: DecisionsObserver) {
    this.#store = store;
    this.#clock = clock;
    this.#observer = observer;
    this.#histories = new StreamHistories(store);
  }

  /**
   * The command's answer, once it is durable: decided now, or long ago. Trouble of its stream alone
   * is an answer too (`failed`).
   *
   * @throws {PreconditionFailed} the stream is not at the revision that the sender wants.
   * @throws {StoreUnavailable} nothing is known to be decided: send it again, it is safe.
   * @throws {StoreBroken} the process must end; the next one finds out what was decided.
   * @throws {UnknownEvent} a newer release wrote to the stream; the process must end.
   */
  submit(submitted: SubmittedCommand): Promise<Decided> {
    if (this.#closed) {
      return Promise.reject(new StoreUnavailable('closed', 'no commands are taken any more'));
    }
    const since = this.#clock.now();
    return new Promise((resolve, reject) => {
      this.#queues.add(submitted.stream, { submitted, since, throws: 0, resolve, reject });
    });
  }

  /** Takes no more commands, and resolves when those that were taken are answered. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#queues.drained();
  }

  /** Answers or rejects every command of the group; never rejects itself. */
  async #answerAll(stream: string, group: readonly Waiting[]): Promise<void> {
    const open = new Set(group);
    let conflicts = 0;
    let tries = 0;
    while (open.size > 0) {
      try {
        await this.#answerSome(stream, open);
        conflicts = 0;
        tries = 0;
      } catch (error) {
        this.#histories.forget(stream);
        if (error instanceof WrongExpectedRevision) {
          conflicts += 1;
          this.#observer.conflicted(stream);
          if (conflicts <= CONFLICTS_MAX) await this.#backOff(conflicts);
          else this.#giveUp(stream, open, tooContended(stream));
        } else if (isOfTheStore(error)) {
          this.#giveUp(stream, open, error);
        } else {
          tries += 1;
          if (tries < TRIES_MAX) await this.#backOff(tries);
          else for (const waiting of open) this.#fail(open, waiting, 'stream_unusable', error);
        }
      }
    }
  }

  /** One append: decides what fits into it, and answers what it decides. */
  async #answerSome(stream: string, open: Set<Waiting>): Promise<void> {
    const group = [...open].slice(0, GROUP_MAX);
    const commands = group.map(({ submitted }) => submitted);
    let history = await this.#histories.latest(stream);
    let decision = decideGroup(history, commands);
    if (decision.verdicts.some(mayComeOfStaleness)) {
      history = await this.#histories.stored(stream);
      decision = decideGroup(history, commands);
    }
    const verdicts = decision.verdicts.map((verdict, index) => [group[index]!, verdict] as const);
    for (const [waiting, verdict] of verdicts) this.#settleUndecided(open, waiting, verdict);
    if (decision.events.length === 0) return;
    await this.#append(history, decision);
    for (const [waiting, verdict] of verdicts) {
      if (verdict.is === 'decided' || verdict.is === 'repeated_in_group') {
        this.#answer(open, waiting, verdict.decided);
      }
    }
  }

  async #append(history: StreamHistory, { events, anomalies, next }: GroupDecision): Promise<void> {
    const since = this.#clock.now();
    const { stream, end } = history;
    await this.#appendForSure(stream, events, end.revision);
    this.#histories.keep(next);
    this.#observer.appended(this.#clock.now() - since);
    for (const anomaly of anomalies) this.#observer.anomaly(anomaly);
  }

  /** An append whose answer was lost is sent again, identical: the store tells whether it was made. */
  async #appendForSure(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: number,
  ): Promise<void> {
    for (let resends = 0; ; resends += 1) {
      try {
        await this.#store.append(stream, events, expectedRevision);
        return;
      } catch (error) {
        if (!(error instanceof AppendAmbiguous)) throw error;
        if (resends === RESENDS_MAX) throw new StoreUnavailable('unreachable', error.message);
        this.#observer.resent(stream);
        await this.#backOff(resends + 1);
      }
    }
  }

  /** What needs no append is settled before it, so that even a full disk does not keep it back. */
  #settleUndecided(open: Set<Waiting>, waiting: Waiting, verdict: Verdict): void {
    const { submitted } = waiting;
    switch (verdict.is) {
      case 'decided':
      case 'repeated_in_group':
      case 'deferred':
        return; // Until the append is acknowledged; until the next one.
      case 'decided_before':
        return this.#answer(open, waiting, verdict.decided);
      case 'command_id_reused':
        if (isFact(submitted.command)) this.#raise('fact_under_reused_command_id', submitted);
        return this.#answer(open, waiting, commandIdReused(submitted));
      case 'history_full':
        return isFact(submitted.command)
          ? this.#fail(open, waiting, 'history_full')
          : this.#answer(open, waiting, historyFull(submitted));
      case 'precondition_failed':
        open.delete(waiting);
        return waiting.reject(new PreconditionFailed(verdict.revision));
      case 'failed':
        waiting.throws += 1;
        return waiting.throws < TRIES_MAX
          ? undefined
          : this.#fail(open, waiting, 'internal_error', verdict.error);
      default:
        return unreachable(verdict);
    }
  }

  #answer(open: Set<Waiting>, waiting: Waiting, decided: Decided): void {
    open.delete(waiting);
    waiting.resolve(decided);
    this.#observer.answered(decided, this.#clock.now() - waiting.since);
  }

  #fail(open: Set<Waiting>, waiting: Waiting, what: FailureReason, error?: unknown): void {
    this.#raise(what, waiting.submitted, error);
    this.#answer(open, waiting, failedAnswer(waiting.submitted, what));
  }

  /**
   * Those that wait behind are given back as well: decided now, they would overtake the ones that are
   * sent again, and a sender's order would be lost.
   */
  #giveUp(stream: string, open: Set<Waiting>, error: Error): void {
    if (error instanceof StoreUnavailable) this.#observer.unavailable(error);
    else this.#observer.fatal(error);
    const behind = this.#queues.takeWaiting(stream);
    for (const waiting of [...open, ...behind]) waiting.reject(error);
    open.clear();
  }

  #raise(what: Alarm['what'], { stream, command }: SubmittedCommand, error?: unknown): void {
    const { commandId, type: commandType } = command;
    this.#observer.alarm({ what, stream, commandId, commandType, error });
  }

  /** Up to 5 ms after the first time, then twice that, up to a quarter of a second. */
  #backOff(times: number): Promise<void> {
    return this.#clock.wait(this.#clock.random() * Math.min(250, 5 * 2 ** (times - 1)));
  }
}

/** Trouble that is not of one stream: nobody's command can be decided until it is over. */
const isOfTheStore = (error: unknown): error is StoreUnavailable | StoreBroken | UnknownEvent =>
  error instanceof StoreUnavailable ||
  error instanceof StoreBroken ||
  error instanceof UnknownEvent;

const tooContended = (stream: string): StoreUnavailable =>
  new StoreUnavailable(
    'busy',
    `${stream}: other writers were first ${CONFLICTS_MAX} times in a row`,
  );

/** What another writer's events, not yet read, could change. */
const mayComeOfStaleness = ({ is }: Verdict): boolean =>
  is === 'precondition_failed' || is === 'failed';

import { isFact } from '#capture/commands.js';
import { decide, record } from '#capture/decide.js';
import { schemaVersions } from '#capture/events.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { evolve } from '#capture/evolve.js';
import { encodeEvents } from '#event-store/event-codec.js';
import type { DecidedEvent } from '#event-store/event-codec.js';
import {
  MAX_BYTES_OF_APPEND,
  MAX_EVENTS_OF_APPEND,
  bytesOfEvent,
} from '#event-store/append-limits.js';
import type { NewEvent } from '#event-store/event-store.js';
import { decidedIn } from './answer-of.js';
import type { AnsweringEvent } from './answer-of.js';
import type { Decided } from './answer.js';
import { decidedBefore } from './decided-before.js';
import {
  BYTES_FOR_COMMANDS,
  BYTES_OF_A_STREAM,
  EVENTS_FOR_COMMANDS,
  EVENTS_OF_A_STREAM,
} from './limits.js';
import type { Anomaly } from './decisions-observer.js';
import type { DecidedCommand, StreamHistory } from './stream-history.js';
import type { SubmittedCommand } from './submitted-command.js';

/** What a group's turn made of one of its commands. */
export type Verdict =
  /** Decided now: answer when the append is acknowledged. */
  | Readonly<{ is: 'decided'; decided: Decided }>
  /** The same command twice in one group: answer when the append that decides it is acknowledged. */
  | Readonly<{ is: 'repeated_in_group'; decided: Decided }>
  /** Recorded long ago: answer at once. */
  | Readonly<{ is: 'decided_before'; decided: Decided }>
  | Readonly<{ is: 'command_id_reused' | 'history_full' }>
  | Readonly<{ is: 'precondition_failed'; revision: number }>
  /** `decide` threw, or its events have no place in any append. */
  | Readonly<{ is: 'failed'; error: unknown }>
  /** Not in this append: too large for it, on what is not durable yet, or behind one that is not in it. */
  | Readonly<{ is: 'deferred' }>;

export type GroupDecision = Readonly<{
  /** One per command, in order. */
  verdicts: readonly Verdict[];
  /** All that the group decides, for one append; none where nothing is to be appended. */
  events: readonly NewEvent[];
  /** The anomalies among `events`, for whoever must hear of them. */
  anomalies: readonly Anomaly[];
  /** The history once `events` are acknowledged. */
  next: StreamHistory;
}>;

/**
 * Decides commands on one stream one after another, each on what those before it left, for one append.
 * Pure: nothing is decided until the append is acknowledged.
 */
export const decideGroup = (
  history: StreamHistory,
  commands: readonly SubmittedCommand[],
): GroupDecision => {
  const turn = new Turn(history);
  const verdicts = commands.map((command) => turn.verdictOn(command));
  return { verdicts, events: turn.events, anomalies: turn.anomalies, next: turn.history() };
};

class Turn {
  readonly events: NewEvent[] = [];
  readonly anomalies: Anomaly[] = [];
  readonly #before: StreamHistory;
  readonly #decided = new Map<string, DecidedCommand>();
  #authorization: StreamHistory['authorization'];
  #end: StreamHistory['end'];
  #bytes = 0;
  #closed = false;

  constructor(history: StreamHistory) {
    this.#before = history;
    this.#authorization = history.authorization;
    this.#end = history.end;
  }

  history(): StreamHistory {
    const { stream, bytes } = this.#before;
    return {
      stream,
      end: this.#end,
      bytes: bytes + this.#bytes,
      authorization: this.#authorization,
      decided: this.#allDecided(),
    };
  }

  #allDecided(): StreamHistory['decided'] {
    if (this.#decided.size === 0) return this.#before.decided;
    const all = new Map(this.#before.decided);
    for (const [commandId, decided] of this.#decided) all.set(commandId, decided);
    return all;
  }

  verdictOn(submitted: SubmittedCommand): Verdict {
    const { commandId } = submitted.command;
    const now = this.#decided.get(commandId);
    const known = now ?? this.#before.decided.get(commandId);
    const before = decidedBefore(known, submitted);
    if (before === 'another') return this.#onceDurable({ is: 'command_id_reused' });
    if (before === 'the_same' && known) {
      const decided = { ...known.decided, repeat: true };
      return { is: now ? 'repeated_in_group' : 'decided_before', decided };
    }
    if (this.#closed) return { is: 'deferred' };
    try {
      return this.#verdictOnNew(submitted);
    } catch (error) {
      // It is tried again, and whatever comes after waits for it: order.
      this.#closed = true;
      return this.#onceDurable({ is: 'failed', error });
    }
  }

  #verdictOnNew(submitted: SubmittedCommand): Verdict {
    const { command, stream, fingerprint, ifMatch } = submitted;
    const { revision, hash } = this.#end;
    if (ifMatch !== undefined && ifMatch !== revision) {
      return this.#onceDurable({ is: 'precondition_failed', revision });
    }
    const bytes = this.#before.bytes + this.#bytes;
    const full = revision + 1 >= EVENTS_FOR_COMMANDS || bytes >= BYTES_FOR_COMMANDS;
    if (full && !isFact(command)) return this.#onceDurable({ is: 'history_full' });
    const decision = decide(command, this.#authorization);
    const recorded = record(command, decision, this.#authorization);
    const last = revision + recorded.length;
    if (last >= EVENTS_OF_A_STREAM || bytes >= BYTES_OF_A_STREAM) {
      return this.#onceDurable({ is: 'history_full' });
    }
    const events = recorded.map((event, index) => decidedEvent(submitted, event, index));
    const encoded = encodeEvents(stream, hash, events);
    if (!this.#hasRoomFor(encoded.events)) return this.#deferred();

    // Whatever may throw comes first: a decision is in the append as a whole, or not at all.
    let authorization = this.#authorization;
    for (const event of recorded) authorization = evolve(authorization, event);
    const decided = decidedIn(stream, answering(events, revision + 1));
    this.events.push(...encoded.events);
    for (const { type, data } of recorded) {
      if (type !== 'CaptureAnomalyDetected') continue;
      this.anomalies.push({ kind: data.kind, stream, commandId: command.commandId });
    }
    this.#end = { revision: last, hash: encoded.hash };
    this.#authorization = authorization;
    this.#decided.set(command.commandId, { fingerprint, decided });
    return { is: 'decided', decided: { ...decided, repeat: false } };
  }

  /**
   * A verdict that leaves no event is given at once, and so only on what is durable: the append that
   * it rests on may yet lose to another writer, and then it would never have been true.
   */
  #onceDurable(verdict: Verdict): Verdict {
    return this.events.length === 0 ? verdict : this.#deferred();
  }

  /** Left to the next append, and with it whatever comes after: order. */
  #deferred(): Verdict {
    this.#closed = true;
    return { is: 'deferred' };
  }

  /** Whether the append takes these too. */
  #hasRoomFor(events: readonly NewEvent[]): boolean {
    let bytes = this.#bytes;
    for (const event of events) bytes += bytesOfEvent(event);
    const fits =
      bytes <= MAX_BYTES_OF_APPEND && this.events.length + events.length <= MAX_EVENTS_OF_APPEND;
    if (fits) this.#bytes = bytes;
    else if (this.events.length === 0) throw new Error('its events are too large for any append');
    return fits;
  }
}

const decidedEvent = (
  { command, fingerprint, correlationId, causationId }: SubmittedCommand,
  event: AuthorizationEvent,
  commandIndex: number,
): DecidedEvent<AuthorizationEvent> => {
  const { commandId, type: commandType, actor, issuedAt } = command;
  const schemaVersion = schemaVersions.get(event.type);
  if (schemaVersion === undefined) throw new Error(`${event.type} has no schema version`);
  return {
    event,
    metadata: {
      commandId,
      commandType,
      commandIndex,
      fingerprint,
      ...(actor !== undefined && { actor }),
      issuedAt,
      ...(correlationId !== undefined && { correlationId }),
      ...(causationId !== undefined && { causationId }),
      schemaVersion,
    },
  };
};

const answering = (
  events: readonly DecidedEvent<AuthorizationEvent>[],
  firstRevision: number,
): [AnsweringEvent, ...AnsweringEvent[]] => {
  const [first, ...others] = events.map(({ event, metadata }, index) => ({
    event,
    metadata,
    revision: firstRevision + index,
  }));
  if (!first) throw new Error('a decision leaves at least one event');
  return [first, ...others];
};

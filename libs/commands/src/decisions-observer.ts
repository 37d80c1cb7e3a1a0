import type { AnomalyKind } from '#capture/events.js';
import type { StoreUnavailable } from '#event-store/event-store.js';
import type { Decided } from './answer.js';

/** Something that someone should look at, and which stream and command it is about. No values. */
export type Alarm = Readonly<{
  what: 'stream_unusable' | 'internal_error' | 'history_full' | 'fact_under_reused_command_id';
  stream: string;
  commandId: string;
  commandType: string;
  error?: unknown;
}>;

export type Anomaly = Readonly<{ kind: AnomalyKind; stream: string; commandId: string }>;

/** What an operator wants to hear of. All of it is told after the fact, and must not throw. */
export type DecisionsObserver = Readonly<{
  answered(decided: Decided, milliseconds: number): void;
  /** A durable append, and how long the store took for it. */
  appended(milliseconds: number): void;
  /** Another writer was there first; it is decided again. */
  conflicted(stream: string): void;
  /** An append whose answer was lost is sent again. */
  resent(stream: string): void;
  /** A fact that breaks a bound, contradicts what is known or cannot be placed was recorded. */
  anomaly(anomaly: Anomaly): void;
  /** The store is busy, full or away: commands are not decided until it is back. */
  unavailable(error: StoreUnavailable): void;
  alarm(alarm: Alarm): void;
  /** The process must end: the store is broken, or written to by a newer release. */
  fatal(error: Error): void;
}>;

import type { Decided } from './answer.js';

/** Something that someone should look at, and which stream and command it is about. No values. */
export type Alarm = Readonly<{
  what: 'stream_unusable' | 'internal_error' | 'history_full' | 'fact_under_reused_command_id';
  stream: string;
  commandId: string;
  commandType: string;
  error?: unknown;
}>;

/** What an operator wants to hear of. All of it is told after the fact, and must not throw. */
export type DecisionsObserver = Readonly<{
  answered(decided: Decided, milliseconds: number): void;
  /** A durable append, and how long the store took for it. */
  appended(milliseconds: number): void;
  /** Another writer was there first; it is decided again. */
  conflicted(stream: string): void;
  /** An append whose answer was lost is sent again. */
  resent(stream: string): void;
  alarm(alarm: Alarm): void;
  /** The process must end: the store is broken, or written to by a newer release. */
  fatal(error: Error): void;
}>;

/**
 * Time, timers and randomness: the one port through which they come, so that a simulation can drive
 * all of it. The domain has no clock at all.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `milliseconds`, or at once when `signal` is aborted. Never rejects. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 (included) to 1 (excluded). */
  random(): number;
}

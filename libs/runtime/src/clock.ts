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

/**
 * Milliseconds before the next try: twice as long each time, up to `most`, and between half of it and all
 * of it, so that those who failed together do not come back together.
 *
 * @param tries how many have failed, at least 1.
 */
export const backOff = (
  clock: Pick<Clock, 'random'>,
  tries: number,
  first: number,
  most: number,
): number => Math.min(most, first * 2 ** (tries - 1)) * (0.5 + clock.random() / 2);

/**
 * Whether something is over within so many milliseconds. What takes longer goes on, and its end is nobody's concern.
 *
 * @throws what it rejects with in that time.
 */
export const isOverWithin = async (
  clock: Pick<Clock, 'wait'>,
  milliseconds: number,
  work: Promise<unknown>,
): Promise<boolean> => {
  const over = new AbortController();
  const late = clock.wait(milliseconds, over.signal).then(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    over.abort();
  }
};

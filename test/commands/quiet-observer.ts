import type { DecisionsObserver } from '#commands/decisions-observer.js';

/** For tests that look at answers and at what is stored. */
export const quiet: DecisionsObserver = {
  answered: () => undefined,
  appended: () => undefined,
  anomaly: () => undefined,
  unavailable: () => undefined,
  conflicted: () => undefined,
  resent: () => undefined,
  alarm: () => undefined,
  fatal: () => undefined,
};

/** How a process of the ledger ends, for whoever started it. Scripts depend on these: they never change. */
export const exitCodes = {
  ok: 0,
  /** An error nobody foresaw, or a stop that left something open. */
  unexpected: 1,
  /** The command line or the configuration is wrong; starting again does not help. */
  usage: 2,
  /** What it needs could not be reached; starting again later may help. */
  unreachable: 3,
  /** The store failed under it. The next start finds out what was written. */
  storeBroken: 4,
  /** The history holds an event that this build does not know: a newer one is needed. */
  historyUnknown: 5,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

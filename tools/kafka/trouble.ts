/** How the tool ends: with the exit codes of the ledger's own programs. */
export const exitCodes = { ok: 0, unexpected: 1, usage: 2, unreachable: 3 } as const;

/** Trouble that a person can mend: what, its cause, and below it the cure. */
export class KafkaTrouble extends Error {
  override readonly name = 'KafkaTrouble';
  readonly exitCode = exitCodes.unreachable;

  /** @param cure what to do, one a line. */
  constructor(what: string, cause: string, cure: readonly string[]) {
    super([`${what} (${cause})`, ...cure.map((line) => `  ${line}`)].join('\n'));
  }
}

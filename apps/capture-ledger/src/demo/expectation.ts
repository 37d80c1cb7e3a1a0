import { exitCodes } from '#runtime/exit-codes.js';
import { Trouble } from '#runtime/trouble.js';

/** @throws {Trouble} it does not hold: something is wrong with the ledger, and the demo has shown it. */
export function expectThat(holds: boolean, expected: string, found: unknown): asserts holds {
  if (holds) return;
  throw new Trouble({
    what: 'The ledger is not as it should be',
    cause: `expected ${expected}, found ${JSON.stringify(found)}`,
    cures: [],
    exitCode: exitCodes.unexpected,
  });
}

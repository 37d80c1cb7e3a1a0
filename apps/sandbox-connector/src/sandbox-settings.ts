import type { Environment } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { Trouble } from '#runtime/trouble.js';

/** What the sandbox connector is told beside what the ledger is told. */
export type SandboxSettings = Readonly<{
  /** The merchant accounts whose captures it answers; undefined: all. */
  merchantAccounts: ReadonlySet<string> | undefined;
  /** Milliseconds after which a late success is told. */
  lateMs: number;
}>;

const NAMES = ['SANDBOX_MERCHANT_ACCOUNTS', 'SANDBOX_LATE_MS'];

const LATE_MS = 5_000;
const LATE_MS_MAX = 600_000;

const ACCOUNTS = /^[A-Za-z0-9._:~-]{1,128}(,[A-Za-z0-9._:~-]{1,128})*$/;

/** @throws {Trouble} a setting is wrong, or unknown. */
export const sandboxSettings = (environment: Environment): SandboxSettings => {
  // A letter left out would let it answer for everybody, beside a real processor.
  const unknown = Object.keys(environment).find(
    (name) => name.startsWith('SANDBOX_') && !NAMES.includes(name),
  );
  if (unknown !== undefined)
    throw wrong(unknown, `there are ${NAMES.join(' and ')}`, `${NAMES[0]}=default,shop`);
  const accounts = environment['SANDBOX_MERCHANT_ACCOUNTS'] ?? '';
  if (accounts !== '' && !ACCOUNTS.test(accounts)) {
    throw wrong(
      'SANDBOX_MERCHANT_ACCOUNTS',
      'it must be ids of merchant accounts with commas between them, or empty for all',
      'SANDBOX_MERCHANT_ACCOUNTS=default,shop',
    );
  }
  const late = environment['SANDBOX_LATE_MS'] ?? String(LATE_MS);
  if (!/^\d{1,6}$/.test(late) || Number(late) > LATE_MS_MAX) {
    throw wrong(
      'SANDBOX_LATE_MS',
      `it must be milliseconds, a whole number from 0 to ${LATE_MS_MAX}`,
      `SANDBOX_LATE_MS=${LATE_MS}`,
    );
  }
  return {
    merchantAccounts: accounts === '' ? undefined : new Set(accounts.split(',')),
    lateMs: Number(late),
  };
};

const wrong = (name: string, cause: string, command: string): Trouble =>
  new Trouble({
    what: `${name} is wrong`,
    cause,
    cures: [{ command, effect: 'an example' }],
    exitCode: exitCodes.usage,
  });

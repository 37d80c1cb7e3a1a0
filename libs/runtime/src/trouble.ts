import { getSystemErrorMessage, types } from 'node:util';
import { ConfigurationError } from './configuration.js';
import type { Origin } from './configuration.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { abouts } from './setting.js';
import { settings } from './settings.js';
import type { SettingName } from './settings.js';

export type TroubleReport = Readonly<{
  /** What could not be done, to what: `Cannot reach Kafka at localhost:9092`. */
  what: string;
  /** Why, in a few words, or the error that says it: `connection refused, 3 tries in 2.1 s`. */
  cause: unknown;
  /** The setting that led there. */
  setting?: Readonly<{ name: SettingName; origin: Origin }>;
  /** What to type instead, and what that does. */
  cures: readonly Readonly<{ command: string; effect: string }>[];
  exitCode: ExitCode;
}>;

/** Trouble that a person can mend: one line with its cause, and below it the cures. */
export class Trouble extends Error {
  override readonly name = 'Trouble';
  readonly exitCode: ExitCode;

  constructor(report: TroubleReport) {
    super(textOf(report), { cause: report.cause });
    this.exitCode = report.exitCode;
  }
}

/** The code that a process ends with because of `error`. */
export const exitCodeOf = (error: unknown): ExitCode =>
  error instanceof Trouble || error instanceof ConfigurationError
    ? error.exitCode
    : exitCodes.unexpected;

/** What a person is told of `error`. One that nobody foresaw comes with its stack: it is for a bug report. */
export const tellOf = (error: unknown): string => {
  if (error instanceof Trouble || error instanceof ConfigurationError) return error.message;
  return `Unexpected: ${types.isNativeError(error) ? (error.stack ?? error.message) : String(error)}`;
};

/** Ends a command-line program that cannot do what it was asked: the telling on stderr, and the exit code. */
export const endInTrouble = (error: unknown): never => {
  process.stderr.write(`${tellOf(error)}\n`);
  process.exit(exitCodeOf(error));
};

/** Why, in the words of the operating system where it is a system error: `address already in use`. */
export const causeOf = (error: unknown): string => {
  // A name with two addresses fails once for each; the first failure is as good as any.
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  if (!types.isNativeError(error)) return String(error);
  const { errno }: NodeJS.ErrnoException = error;
  return errno !== undefined && errno < 0 ? getSystemErrorMessage(errno) : error.message;
};

const textOf = ({ what, cause, setting, cures }: TroubleReport): string => {
  const origin = setting && originOf(setting);
  const widest = Math.max(...cures.map(({ command }) => command.length));
  const lines = cures.map(({ command, effect }, index) => {
    const cure = `${command.padEnd(widest)}  ${effect}`;
    if (origin === undefined) return `  ${cure}`;
    return `  ${index === 0 ? origin : ' '.repeat(origin.length)}   ·   ${cure}`;
  });
  if (cures.length === 0 && origin !== undefined) lines.push(`  ${origin}`);
  return [`${what} (${causeOf(cause)})`, ...lines].join('\n');
};

const originOf = ({ name, origin }: NonNullable<TroubleReport['setting']>): string =>
  origin === 'default' && abouts.get(settings.shape[name])?.byDefault === ''
    ? `${name} is not set`
    : `${name} comes from the ${origin}`;

import type { Logger } from 'pino';
import type { Clock } from './clock.js';
import type { Configuration } from './configuration.js';
import type { ExitCode } from './exit-codes.js';
import { Health } from './health.js';
import { Lifecycle } from './lifecycle.js';
import { createLog } from './log.js';
import { LedgerMetrics } from './metrics.js';
import { systemClock } from './system-clock.js';

/** What every part of a process may want of it. */
export type Runtime = Readonly<{
  configuration: Configuration;
  clock: Clock;
  log: Logger;
  health: Health;
  metrics: LedgerMetrics;
  lifecycle: Lifecycle;
}>;

export type RuntimeOptions = Readonly<{
  configuration: Configuration;
  /** The exit code of an error that ends the process, of whatever room. */
  exitCodeOf: (error: unknown) => ExitCode;
  clock?: Clock;
  log?: Logger;
  /** How the process ends; `process.exit`. */
  exit?: (code: ExitCode) => void;
}>;

export const createRuntime = ({
  configuration,
  exitCodeOf,
  clock = systemClock,
  log = createLog(configuration.logLevel),
  exit = (code) => process.exit(code),
}: RuntimeOptions): Runtime => {
  const health = new Health(clock);
  const lifecycle = new Lifecycle({ clock, health, log, exitCodeOf, exit });
  return { configuration, clock, log, health, metrics: new LedgerMetrics(), lifecycle };
};

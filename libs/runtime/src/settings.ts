import { z } from 'zod';
import { kafkaSettings } from './kafka-settings.js';
import { isLoopback, PATH, setting, wholeNumber } from './setting.js';

/** Every setting there is, by its name in the environment: what it may be, and what it is if unset. */
export const settings = z.object({
  LEDGER_STORE: setting(z.string().regex(PATH), {
    allowed: 'a folder, made if it is not there; no blanks around it, no control characters in it',
    example: '/var/lib/capture-ledger',
    byDefault: './.ledger',
  }),
  LEDGER_HTTP_HOST: setting(z.string().refine(isLoopback), {
    allowed:
      'an address of this machine alone (127.0.0.1, ::1, localhost): there are no keys yet, so whoever reached it from outside could move any merchant’s money',
    example: '127.0.0.1',
    byDefault: '127.0.0.1',
  }),
  LEDGER_HTTP_PORT: setting(wholeNumber(0, 65_535), {
    allowed: 'a whole number from 0 to 65535; 0 takes any free port',
    example: '8080',
    byDefault: '8080',
  }),
  LEDGER_LOG_LEVEL: setting(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    {
      allowed: 'trace, debug, info, warn, error, fatal or silent',
      example: 'debug',
      byDefault: 'info',
    },
  ),
  LEDGER_SLOW_COMMAND_MS: setting(wholeNumber(1, 600_000), {
    allowed:
      'milliseconds, a whole number from 1 to 600000; a command that took longer is logged at info',
    example: '250',
    byDefault: '500',
  }),
  ...kafkaSettings,
});

export type Settings = z.output<typeof settings>;

export type SettingName = keyof typeof settings.shape;

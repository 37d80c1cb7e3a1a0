import { fc, test } from '@fast-check/jest';
import { ConfigurationError, readConfiguration } from '#runtime/configuration.js';
import type { Environment } from '#runtime/configuration.js';
import { exitCodes } from '#runtime/exit-codes.js';
import { settings } from '#runtime/settings.js';

const names = Object.keys(settings.shape);

/** The report that an environment is refused with. */
const refusalOf = (environment: Environment): string => {
  try {
    readConfiguration(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('the environment was accepted');
};

/** Whether an environment gives a configuration; anything thrown that is not a refusal is passed on. */
const isRead = (environment: Environment): boolean => {
  try {
    const { http, slowCommandMilliseconds } = readConfiguration(environment);
    return http.port >= 0 && http.port <= 65_535 && slowCommandMilliseconds > 0;
  } catch (error) {
    if (error instanceof ConfigurationError) return false;
    throw error;
  }
};

describe('the configuration', () => {
  it('is complete without anything said', () => {
    expect(readConfiguration({ PATH: '/bin', HOME: undefined })).toEqual({
      store: './.ledger',
      http: { host: '127.0.0.1', port: 8080 },
      logLevel: 'info',
      slowCommandMilliseconds: 500,
      origins: Object.fromEntries(names.map((name) => [name, 'default'])),
    });
  });

  it('is what the environment says, and knows that it came from there', () => {
    const configuration = readConfiguration({
      LEDGER_STORE: '/var/lib/capture ledger',
      LEDGER_HTTP_HOST: '::1',
      LEDGER_HTTP_PORT: '0',
      LEDGER_LOG_LEVEL: 'debug',
      LEDGER_SLOW_COMMAND_MS: '250',
    });
    expect(configuration).toEqual({
      store: '/var/lib/capture ledger',
      http: { host: '::1', port: 0 },
      logLevel: 'debug',
      slowCommandMilliseconds: 250,
      origins: Object.fromEntries(
        names.map((name) => [name, name.includes('KAFKA') ? 'default' : 'environment']),
      ),
    });
  });

  it('cannot be changed by whoever holds it', () => {
    const configuration = readConfiguration({});
    for (const part of [configuration, configuration.http, configuration.origins])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('ends the process as wrong usage does', () => {
    expect(new ConfigurationError('wrong').exitCode).toBe(exitCodes.usage);
  });

  describe('refuses', () => {
    it.each([
      ['LEDGER_STORE', ['', ' ', ' ledger', 'ledger ', 'a\0b', 'a\nb']],
      ['LEDGER_HTTP_HOST', ['', '0.0.0.0', '::', '192.168.0.7', 'ledger.example', '127.0.0.1:80']],
      [
        'LEDGER_HTTP_PORT',
        ['', '-1', '65536', '80a', '8080.5', '1e3', '0x50', ' 80', '99999999999'],
      ],
      ['LEDGER_LOG_LEVEL', ['', 'INFO', 'verbose', 'constructor', '__proto__']],
      ['LEDGER_SLOW_COMMAND_MS', ['', '0', '600001', '1.5', 'fast', 'Infinity']],
    ])('what %s cannot be: %j', (name, values) => {
      for (const value of values) {
        const report = refusalOf({ [name]: value });
        expect(report).toContain('The configuration is wrong in one place; nothing was started.');
        expect(report).toContain(`  ${name} is ${value === '' ? 'empty' : '"'}`);
        expect(report).toContain('(from the environment)');
        expect(report).toMatch(
          new RegExp(`\n {4}allowed: .+\n {4}example: ${name}=.+ {3}default: .+`),
        );
      }
    });

    it('everything that is wrong at once, with what would be right', () => {
      const report = refusalOf({
        LEDGER_STORE: './ledger',
        LEDGER_HTTP_HOST: '0.0.0.0',
        LEDGER_HTTP_PORT: '80a',
        LEDGER_LOG_LEVL: 'debug',
      });
      expect(report).toBe(
        [
          'The configuration is wrong in 3 places; nothing was started.',
          [
            '  LEDGER_HTTP_HOST is "0.0.0.0" (from the environment)',
            '    allowed: an address of this machine alone (127.0.0.1, ::1, localhost): there are no keys yet, so whoever reached it from outside could move any merchant’s money',
            '    example: LEDGER_HTTP_HOST=127.0.0.1   default: 127.0.0.1',
          ].join('\n'),
          [
            '  LEDGER_HTTP_PORT is "80a" (from the environment)',
            '    allowed: a whole number from 0 to 65535; 0 takes any free port',
            '    example: LEDGER_HTTP_PORT=8080   default: 8080',
          ].join('\n'),
          [
            '  LEDGER_LOG_LEVL is not a setting (from the environment)',
            '    did you mean LEDGER_LOG_LEVEL?',
          ].join('\n'),
        ].join('\n\n'),
      );
    });

    it('to listen where others could reach it, because there are no keys', () => {
      expect(refusalOf({ LEDGER_HTTP_HOST: '0.0.0.0' })).toContain('there are no keys yet');
      for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost'])
        expect(readConfiguration({ LEDGER_HTTP_HOST: host }).http.host).toBe(host);
    });

    it.each([
      ['LEDGER_HTPP_PORT', 'LEDGER_HTTP_PORT'],
      ['LEDGER_HTTPPORT', 'LEDGER_HTTP_PORT'],
      ['LEDGER_PORT', 'LEDGER_HTTP_PORT'],
      ['LEDGER_HOST', 'LEDGER_HTTP_HOST'],
      ['LEDGER_STORE_FOLDER', 'LEDGER_STORE'],
      ['LEDGER_SOTRE', 'LEDGER_STORE'],
      ['LEDGER_STROE', 'LEDGER_STORE'],
      ['ledger_store', 'LEDGER_STORE'],
      ['Ledger_Log_Level', 'LEDGER_LOG_LEVEL'],
      ['LEDGER_LOGLEVEL', 'LEDGER_LOG_LEVEL'],
    ])('a misspelt %s and asks for %s', (misspelt, meant) => {
      expect(refusalOf({ [misspelt]: 'x' })).toContain(`did you mean ${meant}?`);
    });

    it('a name that is near nothing, and lists what there is', () => {
      const report = refusalOf({ LEDGER_DATABASE_PASSWORD: 'hunter2' });
      expect(report).toContain(`there are ${names.join(', ')}`);
      expect(report).not.toContain('did you mean');
    });

    it('an unknown setting without showing its value, which may be a secret', () => {
      expect(refusalOf({ LEDGER_API_KEY: 'hunter2' })).not.toContain('hunter2');
    });

    it('values that would write on the terminal, without writing them there', () => {
      const report = refusalOf({
        LEDGER_HTTP_PORT: `\u001B[2J\u202E${'8'.repeat(10_000)}`,
        'LEDGER_\u001B]0;title\u0007': 'x',
      });
      expect(report).not.toMatch(/[^\P{C}\n]/u);
      expect(report.length).toBeLessThan(2_000);
    });
  });

  const anyName = fc.oneof(
    fc.constantFrom(...names, '__proto__', 'constructor', 'LEDGER_', 'toString'),
    fc.string(),
    fc.string({ unit: 'binary', minLength: 20, maxLength: 200 }).map((rest) => `LEDGER_${rest}`),
  );
  const anyValue = fc.oneof(
    fc.constantFrom('', '0', '8080', 'info', '127.0.0.1', './x', undefined),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.integer().map(String),
  );

  test.prop([fc.dictionary(anyName, anyValue, { minKeys: 0, maxKeys: 20 })], { numRuns: 2_000 })(
    'is read or refused as a whole, whatever the environment is',
    (environment) => {
      return isRead(environment) || refusalOf(environment) !== '';
    },
  );
});

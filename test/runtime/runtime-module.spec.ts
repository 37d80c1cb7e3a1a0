import 'reflect-metadata';
import { Controller, Get, Inject, Logger, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConfiguration } from '#runtime/configuration.js';
import type { Configuration, LogLevel } from '#runtime/configuration.js';
import { Health } from '#runtime/health.js';
import { Lifecycle } from '#runtime/lifecycle.js';
import { LedgerMetrics } from '#runtime/metrics.js';
import { nestLogger } from '#runtime/nest-logger.js';
import { createRuntime } from '#runtime/runtime.js';
import { RuntimeModule } from '#runtime/runtime.module.js';
import { CLOCK, CONFIGURATION, HEALTH, LIFECYCLE, LOG, METRICS } from '#runtime/tokens.js';
import { exitCodeOf } from '#runtime/trouble.js';
import { keptLog, ManualClock } from './fixtures.js';

@Controller()
class Port {
  readonly #configuration: Configuration;

  constructor(@Inject(CONFIGURATION) configuration: Configuration) {
    this.#configuration = configuration;
  }

  @Get('port')
  port(): string {
    new Logger('Port').error(new Error('something to look at'));
    return String(this.#configuration.http.port);
  }
}

@Module({})
class App {
  static with(runtime: DynamicModule): DynamicModule {
    return { module: App, imports: [runtime], controllers: [Port] };
  }
}

describe('the runtime module', () => {
  const clock = new ManualClock();
  const { log, lines } = keptLog('debug');
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const configuration = readConfiguration({ LEDGER_HTTP_PORT: '8123' });
    app = await NestFactory.create<NestFastifyApplication>(
      App.with(RuntimeModule.forRoot(createRuntime({ configuration, exitCodeOf, clock, log }))),
      new FastifyAdapter(),
      { logger: nestLogger(log) },
    );
    await app.init();
  });

  afterAll(() => app.close());

  it('gives every room what it may want of the process', () => {
    expect(app.get(CLOCK)).toBe(clock);
    expect(app.get(LOG)).toBe(log);
    expect(app.get(HEALTH)).toBeInstanceOf(Health);
    expect(app.get(LIFECYCLE)).toBeInstanceOf(Lifecycle);
    expect(app.get(METRICS)).toBeInstanceOf(LedgerMetrics);
  });

  it('has no line of Nest that is not JSON', () => {
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'info', context: 'NestApplication' }),
    );
  });

  it('says an error of a room once, whole, and nothing of the request', async () => {
    lines.length = 0;
    const response = await app.inject({ url: '/port', headers: { 'x-api-key': 'hunter2' } });
    expect(response.body).toBe('8123');
    expect(lines).toMatchObject([
      { level: 'error', context: 'Port', err: { type: 'Error', message: 'something to look at' } },
    ]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });
});

/** The levels of the lines that a log at `level` has of Nest. */
const levelsOf = (level: LogLevel): readonly unknown[] => {
  const { log, lines } = keptLog(level);
  const logger = nestLogger(log);
  logger.log('Mapped {/port, GET} route', 'RouterExplorer');
  logger.warn('something to look at', 'RouterExplorer');
  logger.error(new Error('something to mend'), 'RouterExplorer');
  return lines.map((line) => line['level']);
};

describe('what Nest says', () => {
  it.each<[LogLevel, readonly string[]]>([
    ['debug', ['info', 'warn', 'error']],
    ['info', ['warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ])('of its own start is left out unless the log is at debug: %s', (level, said) => {
    expect(levelsOf(level)).toEqual(said);
  });
});

import { Module } from '@nestjs/common';
import type { DynamicModule, ModuleMetadata } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AuthorizationsController } from './authorizations.controller.js';
import { CapturesController } from './captures.controller.js';
import { CommandsController } from './commands.controller.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { OpenApiController } from './open-api.controller.js';
import { ProblemFilter } from './problem.filter.js';

export type LedgerHttpOptions = Readonly<{
  /**
   * The modules that give `CommandGateway`, and `AUTHORIZATION_READER` and `LISTS` of projections. What
   * the runtime gives is there for all.
   */
  imports: NonNullable<ModuleMetadata['imports']>;
}>;

/**
 * The canonical HTTP API: commands, views, lists, history, health, metrics and its own description. It
 * works as it should only in an application that `createHttpApplication` has made.
 */
@Module({})
export class LedgerHttpModule {
  static forRoot({ imports }: LedgerHttpOptions): DynamicModule {
    return {
      module: LedgerHttpModule,
      imports,
      controllers: [
        CommandsController,
        AuthorizationsController,
        CapturesController,
        HealthController,
        MetricsController,
        OpenApiController,
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}

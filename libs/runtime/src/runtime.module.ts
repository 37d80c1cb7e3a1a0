import { Global, Module } from '@nestjs/common';
import type { DynamicModule, ValueProvider } from '@nestjs/common';
import type { Runtime } from './runtime.js';
import { CLOCK, CONFIGURATION, HEALTH, LIFECYCLE, LOG, METRICS } from './tokens.js';

/**
 * What every room may want of the process, by the tokens of tokens.ts. Signals are left to the
 * lifecycle instead of `enableShutdownHooks`, which knows neither the order of the parts nor a limit.
 */
@Global()
@Module({})
export class RuntimeModule {
  static forRoot(runtime: Runtime): DynamicModule {
    const values: ValueProvider[] = [
      { provide: CLOCK, useValue: runtime.clock },
      { provide: CONFIGURATION, useValue: runtime.configuration },
      { provide: HEALTH, useValue: runtime.health },
      { provide: LIFECYCLE, useValue: runtime.lifecycle },
      { provide: LOG, useValue: runtime.log },
      { provide: METRICS, useValue: runtime.metrics },
    ];
    const exports = values.map(({ provide }) => provide);
    return { module: RuntimeModule, providers: values, exports };
  }
}

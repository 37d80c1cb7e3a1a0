import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CommandsModule } from '#commands/commands.module.js';
import type { EventStore } from '#event-store/event-store.js';
import { LedgerHttpModule } from '#http/ledger-http.module.js';
import { ProjectionsModule } from '#projections/projections.module.js';
import type { Runtime } from '#runtime/runtime.js';
import { RuntimeModule } from '#runtime/runtime.module.js';
import { decisionsObserver, projectorObserver } from './observers.js';
import type { ProjectorDoing, StoreTrouble } from './watch.js';

/** The composition root: all of the ledger in one process, on one store. */
@Module({})
export class LedgerModule {
  static forRoot(
    runtime: Runtime,
    store: EventStore,
    { doing, trouble }: Readonly<{ doing: ProjectorDoing; trouble: StoreTrouble }>,
  ): DynamicModule {
    const { clock, configuration } = runtime;
    const commands = CommandsModule.forRoot({
      store,
      clock,
      observer: decisionsObserver(runtime, trouble),
    });
    const projections = ProjectionsModule.forRoot({
      store,
      folder: configuration.store,
      clock,
      observer: projectorObserver(runtime, doing),
    });
    return {
      module: LedgerModule,
      imports: [
        RuntimeModule.forRoot(runtime),
        LedgerHttpModule.forRoot({ imports: [commands, projections] }),
      ],
    };
  }
}

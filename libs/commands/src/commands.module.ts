import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import type { EventStore } from '#event-store/event-store.js';
import type { Clock } from '#runtime/clock.js';
import { CommandGateway } from './command-gateway.js';
import { commandHandlers } from './command-handlers.js';
import { Decisions } from './decisions.js';
import type { DecisionsObserver } from './decisions-observer.js';

export type CommandsOptions = Readonly<{
  store: EventStore;
  clock: Clock;
  observer: DecisionsObserver;
}>;

/** Commands in, answers out, for whatever transport imports it: `CommandGateway`. */
@Module({})
export class CommandsModule {
  static forRoot({ store, clock, observer }: CommandsOptions): DynamicModule {
    return {
      module: CommandsModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        ...commandHandlers,
        { provide: Decisions, useFactory: () => new Decisions(store, clock, observer) },
        {
          provide: CommandGateway,
          inject: [CommandBus],
          useFactory: (bus: CommandBus) => new CommandGateway(bus, clock, observer),
        },
      ],
      exports: [CommandGateway, Decisions],
    };
  }
}

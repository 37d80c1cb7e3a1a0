import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import type { Clock } from '#runtime/clock.js';
import { Projector } from './projector.js';
import type { ProjectorObserver } from './projector-observer.js';
import { StreamReader } from './stream-reader.js';
import { AUTHORIZATION_READER, LISTS } from './tokens.js';
import { ViewLists } from './view-lists.js';
import { ViewsReader } from './views-reader.js';

export type ProjectionsOptions = Readonly<{
  store: EventStore;
  /** Where `views.db` is, or is to be. */
  folder: string;
  clock: Clock;
  observer: ProjectorObserver;
}>;

/**
 * What may be asked (`AUTHORIZATION_READER`, `LISTS`), and the `Projector` that keeps the views. To run
 * it is up to the application, which knows what it must not outlive.
 */
@Module({})
export class ProjectionsModule implements OnApplicationShutdown {
  constructor(private readonly views: ViewsReader) {}

  static forRoot({ store, folder, clock, observer }: ProjectionsOptions): DynamicModule {
    return {
      module: ProjectionsModule,
      providers: [
        { provide: ViewsReader, useFactory: () => new ViewsReader(folder) },
        {
          provide: AUTHORIZATION_READER,
          inject: [ViewsReader],
          useFactory: (views: ViewsReader) => new StreamReader(store, views),
        },
        {
          provide: LISTS,
          inject: [ViewsReader],
          useFactory: (views: ViewsReader) => new ViewLists(views, store, clock),
        },
        {
          provide: Projector,
          useFactory: () => new Projector({ store, folder, clock, observer }),
        },
      ],
      exports: [AUTHORIZATION_READER, LISTS, Projector],
    };
  }

  onApplicationShutdown(): void {
    this.views.close();
  }
}

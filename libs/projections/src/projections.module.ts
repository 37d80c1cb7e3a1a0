import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import type { EventLog } from '#event-store/event-store.js';
import type { Clock } from '#runtime/clock.js';
import { StreamReader } from './stream-reader.js';
import { AUTHORIZATION_READER, LISTS } from './tokens.js';
import { ViewLists } from './view-lists.js';
import { ViewsReader } from './views-reader.js';

export type ProjectionsOptions = Readonly<{
  store: EventLog;
  /** Where `views.db` is, or is to be. */
  folder: string;
  clock: Clock;
}>;

/** What may be asked (`AUTHORIZATION_READER`, `LISTS`), whichever thread or process keeps the views. */
@Module({})
export class ProjectionsModule implements OnApplicationShutdown {
  constructor(private readonly views: ViewsReader) {}

  static forRoot({ store, folder, clock }: ProjectionsOptions): DynamicModule {
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
      ],
      exports: [AUTHORIZATION_READER, LISTS],
    };
  }

  onApplicationShutdown(): void {
    this.views.close();
  }
}

import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import type { SqliteEventStoreOptions } from '#event-store/sqlite-event-store.js';
import { EVENT_STORE } from '#event-store/tokens.js';

/** The embedded store for whoever injects `EVENT_STORE`; it is closed after everything that uses it. */
@Module({})
export class EventStoreModule implements OnApplicationShutdown {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  static forRoot(options: SqliteEventStoreOptions): DynamicModule {
    const provider = { provide: EVENT_STORE, useFactory: () => openSqliteEventStore(options) };
    return { module: EventStoreModule, providers: [provider], exports: [EVENT_STORE] };
  }

  onApplicationShutdown(): Promise<void> {
    return this.store.close();
  }
}

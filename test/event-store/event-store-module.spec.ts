import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { NO_STREAM } from '#event-store/event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { EventStoreModule } from '#event-store/event-store.module.js';
import { EVENT_STORE } from '#event-store/tokens.js';
import { systemClock } from '#runtime/system-clock.js';
import { newEvents } from '../contracts/new-events.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

describe('EventStoreModule', () => {
  afterAll(removeTemporaryFolders);

  it('gives the store while the application lives, and closes it with it', async () => {
    const options = { folder: temporaryFolder(), clock: systemClock };
    const imports = [EventStoreModule.forRoot(options)];
    const module = await Test.createTestingModule({ imports }).compile();
    await module.init();
    const store = module.get<EventStore>(EVENT_STORE, { strict: false });
    expect(await store.append('a', newEvents(1), NO_STREAM)).toEqual({ revision: 0, position: 1 });
    await module.close();
    await expect(store.head()).rejects.toMatchObject({ why: 'closed' });
  });
});

import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';
import { itKeepsTheEventStoreContract } from '../contracts/event-store.contract.js';
import { removeTemporaryFolders, temporaryFolder } from './temporary-folder.js';

describe('The SQLite event store', () => {
  afterAll(removeTemporaryFolders);

  itKeepsTheEventStoreContract(() =>
    openSqliteEventStore({ folder: temporaryFolder(), clock: systemClock }),
  );
});

import type { RecordedEvent } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';

/** The whole log of the store in `folder`. */
export const logIn = async (folder: string): Promise<readonly RecordedEvent[]> => {
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  try {
    return await store.readAll(0, Infinity);
  } finally {
    await store.close();
  }
};

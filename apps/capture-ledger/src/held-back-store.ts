import { decoratedStore } from '#event-store/decorated-store.js';
import { StoreUnavailable } from '#event-store/event-store.js';
import type { EventStore } from '#event-store/event-store.js';

/**
 * A store that takes no appends while there is a reason not to: the commands of the group are decided on another
 * store, and whoever sends over HTTP would have one decided twice. What it has decided is answered, and read, as ever.
 */
export const heldBackStore = (store: EventStore, reason: () => string | undefined): EventStore =>
  decoratedStore(store, {
    append: async (...append) => {
      const why = reason();
      if (why !== undefined) throw new StoreUnavailable('elsewhere', why);
      return store.append(...append);
    },
  });

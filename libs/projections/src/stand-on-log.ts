import type { EventStore } from '#event-store/event-store.js';
import { isPlaceOf } from './same-history.js';
import { openViews } from './views-file.js';

/**
 * Whether there are views in `file`, made by this build of a log that still has the event with which
 * they end. If not, they are to be rebuilt.
 */
export const standOnLog = async (file: string, store: EventStore): Promise<boolean> => {
  const views = openViews(file);
  if (!views) return false;
  const place = views.checkpoint();
  views.close();
  return isPlaceOf(store, place);
};

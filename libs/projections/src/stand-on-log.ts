import type { EventStore } from '#event-store/event-store.js';
import { openViews } from './views-file.js';

/**
 * Whether there are views in `file`, made by this build of a log that still has the event with which
 * they end. If not, they are to be rebuilt: a store that was restored may hold another past.
 */
export const standOnLog = async (file: string, store: EventStore): Promise<boolean> => {
  const views = openViews(file);
  if (!views) return false;
  const { position, eventId } = views.checkpoint();
  views.close();
  if (position === 0) return true;
  const [event] = await store.readAll(position - 1, 1);
  return event?.position === position && event.eventId === eventId;
};

import type { EventLog } from '#event-store/event-store.js';
import { isPlaceOf } from './same-history.js';
import { openViews } from './views-file.js';

/** Views may be absent, or of no use to this build; or of a past that is not this log's. */
export type Standing = 'on this log' | 'of another history' | 'none';

/** Whether the views in `file` are this log's: it still has the event with which they end. */
export const standingOf = async (file: string, log: EventLog): Promise<Standing> => {
  const views = openViews(file);
  if (!views) return 'none';
  const place = views.checkpoint();
  views.close();
  return (await isPlaceOf(log, place)) ? 'on this log' : 'of another history';
};

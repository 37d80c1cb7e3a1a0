import type { EventLog } from '#event-store/event-store.js';

/** A place in a log: the position of an event and its id; 0 and '' before the first. */
export type PlaceInLog = Readonly<{ position: number; eventId: string }>;

/** The id of the event at `position`; undefined where there is none, '' for 0. */
export const eventIdAt = async (
  log: Pick<EventLog, 'readAll'>,
  position: number,
): Promise<string | undefined> => {
  if (position === 0) return '';
  const [event] = await log.readAll(position - 1, 1);
  return event?.position === position ? event.eventId : undefined;
};

/** Whether a log has this event at this place: one that was restored may hold another past. */
export const isPlaceOf = async (
  log: Pick<EventLog, 'readAll'>,
  { position, eventId }: PlaceInLog,
): Promise<boolean> => (await eventIdAt(log, position)) === eventId;

import { randomUUID } from 'node:crypto';
import { canonicalJson } from '#event-store/canonical.js';
import type { NewEvent } from '#event-store/event-store.js';

/** An event with an id of its own and some ordinary contents. */
export const newEvent = (note: unknown = 'as usual'): NewEvent => ({
  eventId: randomUUID(),
  type: 'CaptureSucceeded',
  data: canonicalJson({ captureId: 'cap-1', note }),
  metadata: canonicalJson({ commandId: 'cmd-1', commandIndex: 0 }),
});

export const newEvents = (count: number): NewEvent[] =>
  Array.from({ length: count }, (_, index) => newEvent(index));

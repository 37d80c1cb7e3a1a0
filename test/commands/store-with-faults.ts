import { decoratedStore } from '#event-store/decorated-store.js';
import type { Appended, EventStore, NewEvent } from '#event-store/event-store.js';

type Append = (
  stream: string,
  events: readonly NewEvent[],
  expectedRevision: number,
) => Promise<Appended>;

/** The real store with one method played differently: for faults that it cannot be made to show. */
export const withAppend = (
  store: EventStore,
  play: (append: Append, ...args: Parameters<Append>) => Promise<Appended>,
): EventStore =>
  decoratedStore(store, {
    append: (...args) => play((...again) => store.append(...again), ...args),
  });

export const withReadStream = (
  store: EventStore,
  readStream: EventStore['readStream'],
): EventStore => decoratedStore(store, { readStream });

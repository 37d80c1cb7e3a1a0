import type { EventStore } from '#event-store/event-store.js';

/** A store that does some things in a way of its own, and all else as `store` does. */
export const decoratedStore = (store: EventStore, own: Partial<EventStore>): EventStore => ({
  identity: store.identity,
  append: (...append) => store.append(...append),
  readStream: (...read) => store.readStream(...read),
  readAll: (...read) => store.readAll(...read),
  readByStream: (...read) => store.readByStream(...read),
  head: () => store.head(),
  subscribe: (...follow) => store.subscribe(...follow),
  close: () => store.close(),
  ...own,
});

import { LRUCache } from 'lru-cache';
import { schemaVersions } from '#capture/events.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { upcasters } from '#capture/upcasters.js';
import { eventDecoder } from '#event-store/event-codec.js';
import type { EventStore } from '#event-store/event-store.js';
import { continued, emptyHistory } from './stream-history.js';
import type { StreamHistory } from './stream-history.js';

/** Stored bytes of the histories whose fold is kept in memory: some 20 000 ordinary ones. */
const BYTES_KEPT = 64 * 1024 * 1024;

const decode = eventDecoder<AuthorizationEvent>({ schemaVersions, upcasters });

/**
 * Folded histories, the latest used kept in memory: reading and folding a stream costs more than all
 * else that a command costs. A stale one is harmless, since an append on it conflicts.
 */
export class StreamHistories {
  readonly #store: EventStore;
  readonly #kept = new LRUCache<string, StreamHistory>({
    maxSize: BYTES_KEPT,
    sizeCalculation: ({ bytes }) => bytes,
  });

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** As it is remembered, else as it is stored. */
  async latest(stream: string): Promise<StreamHistory> {
    return this.#kept.get(stream) ?? this.stored(stream);
  }

  /** As it is stored now: what is remembered, and what others have appended to it since. */
  async stored(stream: string): Promise<StreamHistory> {
    const known = this.#kept.get(stream) ?? emptyHistory(stream);
    const events = await this.#store.readStream(stream, { from: known.end.revision + 1 });
    const history = continued(known, events, decode);
    this.keep(history);
    return history;
  }

  keep(history: StreamHistory): void {
    if (history.end.revision >= 0) this.#kept.set(history.stream, history);
  }

  forget(stream: string): void {
    this.#kept.delete(stream);
  }
}

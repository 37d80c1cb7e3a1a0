import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '#event-store/event-store.js';
import { initialDocument } from './authorization-document.js';
import type { AuthorizationDocument } from './authorization-document.js';
import { foldRecorded } from './fold-recorded.js';
import { namesIn } from './names.js';
import type { Change, Kept, Unusable, ViewStore } from './view-store.js';

/**
 * Captures and refunds of the documents that stay in memory, for an authorization's events come close
 * together. Each takes one or two kilobytes, or more where its sender told more of it.
 */
const REMEMBERED = 30_000;

/**
 * Brings the rows of a view store up to date, batch by batch. What comes out depends on the events
 * alone, not on where the batches begin and end, nor on how often an event is told.
 */
export class ViewFold {
  readonly #views: ViewStore;
  readonly #recent = new LRUCache<string, Kept>({
    maxSize: REMEMBERED,
    sizeCalculation: ({ document }) => sizeOf(document),
  });

  constructor(views: ViewStore) {
    this.#views = views;
  }

  /**
   * Folds the next events of the log, each touched authorization once, and keeps rows and checkpoint
   * in one transaction. Returns the streams that cannot be folded from here on: they stay as they are.
   *
   * @throws {UnknownEvent} a newer release wrote one of them: nothing of the batch is kept.
   * @throws the errors of `node:sqlite`: nothing of the batch is kept, and the same call may succeed later.
   */
  apply(batch: readonly RecordedEvent[]): readonly Unusable[] {
    const last = batch.at(-1);
    if (!last) return [];
    const changes: Change[] = [];
    const unusable: Unusable[] = [];
    for (const [stream, events] of byStream(batch)) {
      const { change, trouble } = this.#fold(stream, events);
      if (change) changes.push(change);
      if (trouble) unusable.push(trouble);
    }
    const checkpoint = { position: last.position, eventId: last.eventId };
    const found = this.#views.keep({ changes, unusable, checkpoint });
    for (const { id, after } of changes) this.#recent.set(after.stream, { id, document: after });
    return found;
  }

  #fold(stream: string, recorded: readonly RecordedEvent[]) {
    const kept = this.#recent.get(stream) ?? this.#views.document(stream);
    const before = kept?.document;
    const folded = foldRecorded(before ?? initialDocument(stream), recorded);
    const { document, events, trouble } = folded;
    const id = kept?.id ?? events[0]?.position;
    const change =
      id === undefined || events.length === 0
        ? undefined
        : { id, before, after: document, names: events.flatMap(namesIn) };
    const revision = document.revision + 1;
    return { change, trouble: trouble && { stream, revision, why: trouble.message } };
  }
}

const sizeOf = ({ state }: AuthorizationDocument): number => {
  let size = 1;
  for (const { refunds } of state.captures) size += 1 + refunds.length;
  return size;
};

const byStream = (events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> => {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const others = streams.get(event.stream);
    if (others) others.push(event);
    else streams.set(event.stream, [event]);
  }
  return streams;
};

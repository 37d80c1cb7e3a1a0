import type { AuthorizationEvent } from '#capture/events.js';
import { schemaVersions } from '#capture/events.js';
import { upcasters } from '#capture/upcasters.js';
import { eventDecoder, UnknownEvent } from '#event-store/event-codec.js';
import type { DecodedEvent } from '#event-store/event-codec.js';
import { StreamUnusable } from '#event-store/event-store.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { evolveDocument } from './authorization-document.js';
import type { AuthorizationDocument } from './authorization-document.js';

/** @throws {UnknownEvent | StreamUnusable} as `eventDecoder` says. */
export const decode = eventDecoder<AuthorizationEvent>({ schemaVersions, upcasters });

export type Folded = Readonly<{
  /** After the last event that could be folded. */
  document: AuthorizationDocument;
  /** The events that were folded now. */
  events: readonly DecodedEvent<AuthorizationEvent>[];
  /** Why it went no further. */
  trouble: StreamUnusable | undefined;
}>;

/**
 * Folds more events of the document's stream, as they were stored. What it holds already is skipped, so
 * that the log may be read again from any earlier position. Trouble of the stream is returned, for it
 * must not stop the others; how far it came does not depend on how the events were grouped.
 *
 * @throws {UnknownEvent} a newer release wrote one of them: the process must end.
 */
export const foldRecorded = (
  before: AuthorizationDocument,
  recorded: readonly RecordedEvent[],
): Folded => {
  let document = before;
  const events: DecodedEvent<AuthorizationEvent>[] = [];
  for (const one of recorded) {
    if (one.revision <= document.revision) continue;
    try {
      const event = decode(one);
      document = evolveDocument(document, event);
      events.push(event);
    } catch (error) {
      return { document, events, trouble: troubleAt(one, error) };
    }
  }
  return { document, events, trouble: undefined };
};

const troubleAt = ({ stream, revision, type }: RecordedEvent, error: unknown): StreamUnusable => {
  if (error instanceof UnknownEvent) throw error;
  if (error instanceof StreamUnusable) return error;
  // What the fold says of data may quote it; its name does not.
  const what = error instanceof Error ? error.name : typeof error;
  return new StreamUnusable(stream, `revision ${revision} (${type}) cannot be folded: ${what}`);
};

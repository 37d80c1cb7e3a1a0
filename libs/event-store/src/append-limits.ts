import { AppendTooLarge } from '#event-store/event-store.js';
import type { NewEvent } from '#event-store/event-store.js';

/** Of one append. A larger one would make everybody's transaction wait for it. */
export const MAX_EVENTS_OF_APPEND = 1_000;

/** Of one append: data, metadata, types and ids in UTF-8. */
export const MAX_BYTES_OF_APPEND = 1024 * 1024;

/** What an event weighs in an append. */
export const bytesOfEvent = ({ eventId, type, data, metadata }: NewEvent): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + eventId.length + type.length;

/**
 * What every store asks of an append before it looks at the stream.
 *
 * @throws {AppendTooLarge} more than {@link MAX_EVENTS_OF_APPEND} or {@link MAX_BYTES_OF_APPEND}.
 * @throws {RangeError} no events, or an expected revision that no stream can have: a bug of the caller.
 */
export const checkAppend = (
  stream: string,
  events: readonly NewEvent[],
  expectedRevision: number,
): void => {
  if (events.length === 0) throw new RangeError(`${stream}: an append of no events`);
  if (!Number.isSafeInteger(expectedRevision) || expectedRevision < -1)
    throw new RangeError(`${stream}: ${expectedRevision} is no revision`);
  if (events.length > MAX_EVENTS_OF_APPEND)
    throw new AppendTooLarge(
      `${stream}: ${events.length} events, ${MAX_EVENTS_OF_APPEND} at most in one append`,
    );
  // UTF-8 takes three bytes for a unit of UTF-16 at most: most appends need not be counted.
  let units = 0;
  for (const { eventId, type, data, metadata } of events)
    units += eventId.length + type.length + data.length + metadata.length;
  if (units * 3 <= MAX_BYTES_OF_APPEND) return;
  let bytes = 0;
  for (const event of events) bytes += bytesOfEvent(event);
  if (bytes > MAX_BYTES_OF_APPEND)
    throw new AppendTooLarge(
      `${stream}: ${bytes} bytes, ${MAX_BYTES_OF_APPEND} at most in one append`,
    );
};

import { canonicalJson } from '#event-store/canonical.js';
import { hashOfEvent } from '#event-store/chain.js';
import { derivedId } from '#event-store/derived-id.js';
import { StreamUnusable } from '#event-store/event-store.js';
import type { NewEvent, RecordedEvent } from '#event-store/event-store.js';

export type AnyEvent = Readonly<{ type: string; data: Readonly<Record<string, unknown>> }>;

/** Why an event is there. These members are the storage format: never rename or retype one. */
export type EventMetadata = Readonly<{
  commandId: string;
  commandType: string;
  /** 0, 1, 2 … among the events that the command decided. */
  commandIndex: number;
  /** Of the command as it was sent: `{recipe}:{base64url}`. */
  fingerprint: string;
  actor?: string;
  /** The command's, RFC 3339 in UTC with milliseconds. */
  issuedAt: string;
  correlationId?: string;
  causationId?: string;
  /** Of the event's type, as the writer knew it. */
  schemaVersion: number;
  /** The hash of the event before it in its stream, or of the stream's name: see chain.ts. */
  previous: string;
}>;

/** An event that was decided, and why; its place in the chain is not known yet. */
export type DecidedEvent<Event extends AnyEvent = AnyEvent> = Readonly<{
  event: Event;
  metadata: Omit<EventMetadata, 'previous'>;
}>;

export type Encoded = Readonly<{
  events: readonly NewEvent[];
  /** Of the last event: what the stream stands at once these are appended. */
  hash: string;
}>;

/**
 * Events in the form in which they are stored, chained to `hash`, at which the stream stands. The
 * same decisions on the same stream give the same bytes and the same event ids.
 *
 * @throws {Error} data or metadata has no canonical form (see {@link canonicalJson}).
 */
export const encodeEvents = (
  stream: string,
  hash: string,
  decided: readonly DecidedEvent[],
): Encoded => {
  let previous = hash;
  const events = decided.map(({ event, metadata }) => {
    const encoded = {
      eventId: derivedId(stream, metadata.commandId, metadata.commandIndex),
      type: event.type,
      data: canonicalJson(event.data),
      metadata: canonicalJson({ ...metadata, previous }),
    };
    previous = hashOfEvent(encoded);
    return encoded;
  });
  return { events, hash: previous };
};

/** Turns an event as it was once written into its successor. It is pure, and never fails. */
export type Upcaster = (event: AnyEvent) => AnyEvent;

/** An event as the domain knows it today, why it is there, and where. */
export type DecodedEvent<Event extends AnyEvent = AnyEvent> = Event &
  Readonly<{ metadata: EventMetadata }> &
  Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'recordedAt' | 'eventId'>;

/**
 * A newer release wrote this event: its type or its schema version is unknown to this build. To go on
 * without it would be to decide on half of the history, so the process must end as not ready.
 * Readers are deployed one release before writers.
 */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';

  constructor({ stream, revision, type }: RecordedEvent, what: string) {
    super(`${stream}: revision ${revision} is ${type} ${what}, which this build does not know`);
  }
}

export type KnownEvents = Readonly<{
  /** Every event type that this build reads, with the newest schema version of each. */
  schemaVersions: ReadonlyMap<string, number>;
  /** By event type, applied one after another, so that each need only know its own successor. */
  upcasters: ReadonlyMap<string, Upcaster>;
}>;

/**
 * Reads what {@link encodeEvents} wrote, now or years ago. That what it returns is an `Event` rests on
 * the types that `schemaVersions` lists being those of `Event`; its members are not looked at again.
 *
 * @throws {UnknownEvent} from the function returned: the process must end.
 * @throws {StreamUnusable} from the function returned: data or metadata is not what was ever written.
 */
export const eventDecoder =
  <Event extends AnyEvent>({ schemaVersions, upcasters }: KnownEvents) =>
  (recorded: RecordedEvent): DecodedEvent<Event> => {
    const newest = schemaVersions.get(recorded.type);
    if (newest === undefined) throw new UnknownEvent(recorded, 'as a whole');
    const metadata = parsed(recorded, 'metadata') as EventMetadata;
    if (!Number.isSafeInteger(metadata.schemaVersion))
      throw new StreamUnusable(
        recorded.stream,
        `revision ${recorded.revision} has no schemaVersion`,
      );
    if (metadata.schemaVersion > newest)
      throw new UnknownEvent(recorded, `in schema version ${metadata.schemaVersion}`);
    const { stream, revision, position, recordedAt, eventId } = recorded;
    const { type, data } = upcast(upcasters, {
      type: recorded.type,
      data: parsed(recorded, 'data'),
    });
    const decoded = { type, data, metadata, stream, revision, position, recordedAt, eventId };
    return decoded as DecodedEvent & Event;
  };

const upcast = (upcasters: ReadonlyMap<string, Upcaster>, event: AnyEvent): AnyEvent => {
  let current = event;
  for (let step = 0; step < upcasters.size; step += 1) {
    const upcaster = upcasters.get(current.type);
    if (!upcaster) break;
    current = upcaster(current);
  }
  return current;
};

const parsed = (
  recorded: RecordedEvent,
  member: 'data' | 'metadata',
): Readonly<Record<string, unknown>> => {
  const { stream, revision } = recorded;
  let value: unknown;
  try {
    value = JSON.parse(recorded[member]);
  } catch {
    // The parser's own message quotes what it read, and that may be anybody's.
    throw new StreamUnusable(stream, `revision ${revision} has ${member} that is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new StreamUnusable(stream, `revision ${revision} has ${member} that is not an object`);
  return value as Record<string, unknown>;
};

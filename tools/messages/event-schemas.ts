import type { EventType } from '#capture/events.js';
import type { EventMetadata } from '#event-store/event-codec.js';
import { authorizationEvents } from './events/authorization-events.ts';
import { captureEvents } from './events/capture-events.ts';
import { decisionEvents } from './events/decision-events.ts';
import type { AnyEventData, DataOf } from './events/event-data.ts';
import { refundEvents } from './events/refund-events.ts';
import { count, digest, id, instant, objectOf, text, word } from './schema.ts';
import type { JsonSchema } from './schema.ts';
import { commandTypes } from './words.ts';

const events: DataOf<EventType> = {
  ...authorizationEvents,
  ...captureEvents,
  ...refundEvents,
  ...decisionEvents,
};

/** By event type: the schema of its `data`, as it is stored. */
export const eventSchemas: ReadonlyMap<string, JsonSchema> = new Map(
  Object.entries<AnyEventData>(events).map(([type, { says, members }]) => [
    type,
    { title: type, description: says, ...objectOf(members) },
  ]),
);

/** Of the `metadata` of an event of any type. */
export const eventMetadataSchema: JsonSchema = {
  title: 'EventMetadata',
  description: 'Why an event is there, beside its data.',
  ...objectOf<EventMetadata>({
    commandId: id('Of the command that left the event.'),
    commandType: word('Of the same command.', commandTypes),
    commandIndex: count('0, 1, 2 … among the events that the command left.'),
    fingerprint: {
      type: 'string',
      pattern: '^1:[A-Za-z0-9_-]{43}$',
      description: 'Of the command as it was sent: the recipe, and its SHA-256 in base64url.',
    },
    'actor?': text('Who asked: a user, a service.'),
    issuedAt: instant('When the command was issued.'),
    'correlationId?': text('As its sender says.'),
    'causationId?': text('As its sender says.'),
    schemaVersion: count('Of the event’s type, as its writer knew it.', 1),
    previous: digest(
      'SHA-256 in base64url of the canonical {data, metadata, type} of the event before it in its stream; of the first, of the stream’s name.',
    ),
  }),
};

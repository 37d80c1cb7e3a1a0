import type { PublicationCheckpoint, Republication } from '#projections/publication-checkpoint.js';
import { count, objectOf, text } from './schema.ts';
import type { JsonSchema } from './schema.ts';

const versions = (description: string): JsonSchema => ({
  type: 'object',
  additionalProperties: count('Of the view of this name.', 1),
  description,
});

/** An event is known by its id; before the first there is none. */
const namedBeyondStart = (
  position: keyof PublicationCheckpoint,
  eventId: keyof PublicationCheckpoint,
): JsonSchema => ({
  anyOf: [
    {
      type: 'object',
      properties: {
        [position]: { type: 'integer', const: 0 },
        [eventId]: { type: 'string', const: '' },
      },
    },
    {
      type: 'object',
      properties: {
        [position]: { type: 'integer', minimum: 1 },
        [eventId]: { type: 'string', minLength: 1 },
      },
    },
  ],
});

/** Of the value of a record: where the publication of a shard stands. */
export const checkpointSchema: JsonSchema = {
  title: 'Checkpoint',
  ...objectOf<PublicationCheckpoint>(
    {
      position: count('Of the last event that was published; 0 before the first.'),
      eventId: text('Of the same event; empty before the first, and nowhere else.'),
      from: count('Every event after it, up to the last that was published, is on the topic.'),
      epoch: count('Of the store that was published.', 1),
      asOf: count('The position up to which the published views show the log.'),
      asOfEventId: text('Of the event at that position; empty before the first.'),
      views: versions('Whose every key is published, each in its version.'),
      'republication?': objectOf<Republication>(
        {
          views: versions('Whose every key is being published, under these versions.'),
          after: count('How far that has come, in the ledger’s own terms.'),
          until: count('How far it has to come.'),
        },
        'Views are being published again, every key of them.',
      ),
    },
    'Where the publication of a shard stands. The ledger’s own: it may change with any release.',
  ),
  allOf: [namedBeyondStart('position', 'eventId'), namedBeyondStart('asOf', 'asOfEventId')],
};

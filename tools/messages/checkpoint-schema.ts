import type { PublicationCheckpoint, Republication } from '#projections/publication-checkpoint.js';
import { count, objectOf, text } from './schema.ts';
import type { JsonSchema } from './schema.ts';

const versions = (description: string): JsonSchema => ({
  type: 'object',
  additionalProperties: count('Of the view of this name.', 1),
  description,
});

/** Of the value of a record: where the publication of a shard stands. */
export const checkpointSchema: JsonSchema = {
  title: 'Checkpoint',
  ...objectOf<PublicationCheckpoint>(
    {
      position: count('Of the last event that was published; 0 before the first.'),
      eventId: text('Of the same event; empty where it is not known.'),
      epoch: count('Of the store that was published.', 1),
      asOf: count('The position up to which the published views show the log.'),
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
};

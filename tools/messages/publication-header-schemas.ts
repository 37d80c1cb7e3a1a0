// As in header-schemas.ts, these are of the text of headers.
import { headersOf, specversion } from './header-schemas.ts';
import { eventSchemas } from './event-schemas.ts';
import { exactly, id, instant, text, word } from './schema.ts';
import type { JsonSchema } from './schema.ts';

const json = exactly('application/json');

/** A whole number in digits, no greater than 2^53 - 1. @param least 0 or 1 */
const digits = (description: string, least: 0 | 1): JsonSchema => ({
  type: 'string',
  pattern: least === 0 ? '^(0|[1-9][0-9]{0,15})$' : '^[1-9][0-9]{0,15}$',
  description,
});

export const eventHeadersSchema = headersOf(
  'EventHeaders',
  'Of an event: CloudEvents’ Kafka binding in binary mode, with the place of the event in the ledger.',
  {
    ce_specversion: specversion,
    ce_id: {
      type: 'string',
      format: 'uuid',
      description: 'Of the event: with the epoch, know repeats by it.',
    },
    ce_type: word('The name of the event: the schema of its value.', [...eventSchemas.keys()]),
    ce_source: {
      type: 'string',
      pattern: '^/capture-ledger/[0-9]+$',
      description: 'The shard that it is of.',
    },
    ce_subject: {
      type: 'string',
      pattern: '^authorization-[^/]+/[^/]+$',
      description: 'The history that it is of: `authorization-` and the key.',
    },
    ce_time: instant('When it was recorded.'),
    ce_causationid: id('Of the command that left it.'),
    ce_correlationid: text('As the sender of the command said.'),
    ce_ledgerrevision: digits('Its place in its history: 0, 1, 2 … without gap.', 0),
    ce_ledgerposition: digits('Its place in the log of its shard: it only grows.', 1),
    ce_ledgerepoch: digits('Of the log: raised when it is restored.', 1),
    ce_ledgerschemaversion: digits('Of its type: raised when its members change.', 1),
    'content-type': json,
  },
  [
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'ce_ledgerrevision',
    'ce_ledgerposition',
    'ce_ledgerepoch',
    'ce_ledgerschemaversion',
    'content-type',
  ],
);

/** Of a record whose value says it all. */
export const valueHeadersSchema = headersOf(
  'ValueHeaders',
  'Of a view and of a checkpoint, whose values say it all. A tombstone has none.',
  { 'content-type': json },
);

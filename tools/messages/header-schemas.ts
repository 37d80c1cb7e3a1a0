// Headers are bytes. These schemas are of their text (UTF-8); other headers may be there beside them.
import { deadLetterReasons } from '#commands/answer.js';
import type { Answer } from '#commands/answer.js';
import { ANSWER_SOURCE } from '#kafka/answer-record.js';
import { DEAD_LETTER_HEADERS } from '#kafka/dead-letter.js';
import { exactly, id, text, word } from './schema.ts';
import type { JsonSchema } from './schema.ts';
import { commandTypes } from './words.ts';

export const headersOf = (
  title: string,
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema => ({ title, description, type: 'object', properties, required });

/** The `ce_type` of an answer, by its outcome. */
export const answerTypes: Readonly<Record<Answer['outcome'], string>> = {
  accepted: 'CommandAccepted',
  rejected: 'CommandRejected',
  invalid: 'CommandInvalid',
  failed: 'CommandFailed',
};

export const specversion = exactly('1.0', 'CloudEvents.');

const correlation = text('Copied to the answer, byte for byte; it need not be text.');

/** What a caller that wants a copy of its answer says, in binary and in structured mode alike. */
const replyHeaders = {
  kafka_correlationId: correlation,
  kafka_replyTopic: {
    type: 'string',
    maxLength: 249,
    description:
      'Where a copy of the answer goes, if the ledger allows it: a topic of the caller’s own.',
  },
  kafka_replyPartition: text('Of that topic: digits, or four bytes, big-endian. Absent: by key.'),
};

/** Of a command in binary mode. None must be there: what no header says, the value may. */
export const commandHeadersSchema = headersOf(
  'CommandHeaders',
  'Of a command in binary mode (CloudEvents’ Kafka binding). What a header says the value may leave out.',
  {
    ce_specversion: specversion,
    ce_id: id('The command id: within its authorization the idempotency key, for ever. Only once.'),
    ce_type: word('The name of the command.', commandTypes),
    ce_source: {
      type: 'string',
      minLength: 1,
      maxLength: 300,
      description: 'Who asks: taken for `actor` where the value has none.',
    },
    ce_time: {
      type: 'string',
      format: 'date-time',
      description: 'Taken for `issuedAt` where the value has none. Absent: the record’s timestamp.',
    },
    ce_correlationid: {
      type: 'string',
      minLength: 1,
      maxLength: 300,
      description: 'Kept with the events, and copied to the answer.',
    },
    traceparent: text('W3C Trace Context: kept as the correlation where there is no other.'),
    'content-type': text(
      '`application/json`; not looked at unless it begins as that of structured mode.',
    ),
    ...replyHeaders,
  },
  [],
);

export const structuredHeadersSchema = headersOf(
  'StructuredCommandHeaders',
  'Of a command in structured mode: the attributes are in the value.',
  {
    'content-type': {
      type: 'string',
      pattern: String.raw`^application/cloudevents\+json *(;.*)?$`,
      description: '`application/cloudevents+json`',
    },
    ...replyHeaders,
  },
  ['content-type'],
);

export const answerHeadersSchema = headersOf(
  'AnswerHeaders',
  'Of an answer, on every topic that it is written to.',
  {
    ce_specversion: specversion,
    ce_id: text(
      'Of a decision: the key, the command id and the outcome, with slashes, the same on every repeat. Of any other answer: the topic, partition and offset of its record.',
    ),
    ce_type: word('By the outcome.', Object.values(answerTypes)),
    ce_source: exactly(ANSWER_SOURCE),
    'content-type': exactly('application/json'),
    kafka_correlationId: correlation,
    ce_correlationid: correlation,
    'ledger-repeat': exactly('true', 'The command was decided before: the same answer again.'),
    'kafka_nest-is-disposed': text('On copies alone: to Nest the answer is the last one.'),
  },
  ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'content-type'],
);

const digits = (description: string): JsonSchema => ({
  type: 'string',
  pattern: '^-?[0-9]{1,19}$',
  description,
});

export const deadLetterHeadersSchema = headersOf(
  'DeadLetterHeaders',
  'Of a dead letter, beside the record’s own headers. With `it seems to hold card data` or `personal data` there are no others, no key and no value.',
  {
    [DEAD_LETTER_HEADERS.topic]: text('Where the record was.'),
    [DEAD_LETTER_HEADERS.partition]: digits('Where the record was.'),
    [DEAD_LETTER_HEADERS.offset]: digits('Where the record was.'),
    [DEAD_LETTER_HEADERS.timestamp]: digits('The record’s own, milliseconds since 1970.'),
    [DEAD_LETTER_HEADERS.exception]: word('What its sender was answered.', [
      'command.invalid',
      'command.failed',
      'command.rejected',
    ]),
    [DEAD_LETTER_HEADERS.message]: text('For a person.'),
    [DEAD_LETTER_HEADERS.reason]: word('For `dead-letters replay`.', deadLetterReasons),
  },
);

import { schemaVersions } from '#capture/events.js';
import type { Rejection, UnrecordedRejection } from '#capture/rejections.js';
import type { Answer } from '#commands/answer.js';
import { commandDefinitions } from '#commands/command-classes.js';
import type { JsonSchema } from '#commands/class-schema.js';
import type { HistoryEntry } from '#projections/queries.js';
import type { HealthStatus, PartHealth, Readiness } from '#runtime/health.js';
import { everyWord } from '../every-word.js';
import { PAGE_MAX } from '../limits.js';
import { PROBLEM_TYPES } from '../problem.js';
import { count, instant, listOf, objectOf, orNull, ref, text, word } from './schema.js';

/** Why a command may be refused. */
export const refusals = everyWord<Rejection | UnrecordedRejection>({
  command_id_reused: true,
  history_full: true,
  authorization_unknown: true,
  authorization_exists_with_different_terms: true,
  authorization_voided: true,
  authorization_expired: true,
  authorization_closed: true,
  authorization_has_captures: true,
  amount_below_held: true,
  capture_unknown: true,
  capture_exists_with_different_terms: true,
  currency_differs: true,
  capture_method_automatic: true,
  multiple_captures_not_enabled: true,
  final_capture_exists: true,
  too_many_captures: true,
  amount_exceeds_capturable: true,
  capture_not_stuck: true,
  capture_canceled: true,
  capture_not_cancelable: true,
  cancel_in_flight: true,
  capture_not_succeeded: true,
  refund_exists_with_different_terms: true,
  amount_exceeds_refund_balance: true,
  refund_unknown: true,
  refund_not_voidable: true,
  refund_not_stuck: true,
});

const answer = objectOf<Answer>(
  {
    commandId: text('The Idempotency-Key.'),
    commandType: word('What was asked for.', [...commandDefinitions.keys()].map(String)),
    outcome: word('`accepted` and `rejected` are decisions, for ever.', [
      'accepted',
      'rejected',
      'invalid',
      'failed',
    ]),
    merchantAccountId: text('Whose it is.'),
    authorizationId: text('Of the authorization.'),
    captureId: text('Of the capture that the command made or named.'),
    refundId: text('Of the refund that the command made or named.'),
    revision: count('Of the authorization’s history after this command.'),
    reason: text('Why it was rejected, or failed.'),
    details: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description: 'The numbers that mattered to a refusal.',
    },
    errors: listOf(ref('Flaw')),
  },
  {
    optional: [
      'commandId',
      'commandType',
      'merchantAccountId',
      'authorizationId',
      'captureId',
      'refundId',
      'revision',
      'reason',
      'details',
      'errors',
    ],
  },
);

const flaw: JsonSchema = {
  type: 'object',
  properties: {
    message: text('What is wrong.'),
    pointer: text('Where in the body: a JSON Pointer (RFC 6901), empty for all of it.'),
    parameter: text('Or which parameter of the address.'),
    header: text('Or which header.'),
  },
  required: ['message'],
};

const problem: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. Members of its own kind stand beside these.',
  properties: {
    type: { type: 'string', format: 'uri', pattern: `^${PROBLEM_TYPES}` },
    title: text('The code in words.'),
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: text('For a person.'),
    code: text('For a program: one word for what happened.'),
    traceId: text('Under which the log tells more. Not in a decision, whose bytes never change.'),
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
};

/** A problem with members of its own, all of them there. */
const problemWith = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  allOf: [ref('Problem'), { type: 'object', properties, required: Object.keys(properties) }],
});

const pageOf = (items: string): JsonSchema =>
  objectOf<{ items: unknown; next: unknown; asOf: unknown }>({
    items: { ...listOf(ref(items)), maxItems: PAGE_MAX },
    next: orNull(text('The `cursor` of the page that follows; null at the end.')),
    asOf: count('The position up to which the page shows the log.'),
  });

const health = word(
  '`degraded` works, and wants a look.',
  everyWord<HealthStatus>({ up: true, degraded: true, down: true }),
);

/** What is answered that is no view, by the name of the schema. */
export const answerSchemas: Readonly<Record<string, JsonSchema>> = {
  Answer: answer,
  Flaw: flaw,
  Problem: problem,
  Refusal: {
    allOf: [
      ref('Problem'),
      ref('Answer'),
      { type: 'object', properties: { code: word('The reason.', refusals) } },
    ],
  },
  InvalidCommand: { allOf: [ref('Problem'), ref('Answer')] },
  FailedCommand: { allOf: [ref('Problem'), ref('Answer')] },
  InvalidRequest: problemWith({ errors: listOf(ref('Flaw')) }),
  PreconditionFailed: problemWith({
    revision: { type: 'integer', minimum: -1, description: 'Where the authorization is.' },
  }),
  AmbiguousCapture: problemWith({ authorizationIds: listOf({ type: 'string' }) }),
  ViewBehind: problemWith({
    asOf: count('What the lists show.'),
    minPosition: count('What was asked for.'),
  }),
  AuthorizationPage: pageOf('Authorization'),
  CapturePage: pageOf('Capture'),
  HistoryEntry: objectOf<HistoryEntry>({
    revision: count('Of the authorization’s history.'),
    position: count('In the log.'),
    eventId: text('Of the event.'),
    kind: word('What an auditor looks for first.', ['event', 'refusal', 'no_effect', 'anomaly']),
    type: word('Of the event.', [...schemaVersions.keys()]),
    data: { type: 'object', description: 'As it is stored.' },
    who: objectOf<HistoryEntry['who']>({
      actor: orNull(text('Who asked, where the command says.')),
      commandId: text('Of the command that left the event.'),
      commandType: text('Of the same command.'),
    }),
    when: objectOf<HistoryEntry['when']>({
      issuedAt: instant('When the command was issued.'),
      recordedAt: instant('When the event was stored.'),
    }),
    why: orNull(text('The reason of a refusal, the kind of an anomaly, or what the sender gave.')),
  }),
  History: objectOf<Record<'merchantAccountId' | 'authorizationId' | 'entries' | 'next', unknown>>({
    merchantAccountId: text('Whose it is.'),
    authorizationId: text('Of the authorization.'),
    entries: listOf(ref('HistoryEntry')),
    next: orNull(count('The `from` of the page that follows; null at the end.')),
  }),
  PartHealth: objectOf<PartHealth>(
    { status: health, detail: text('What is wrong with it.') },
    { optional: ['detail'] },
  ),
  Readiness: objectOf<Readiness>({
    status: health,
    parts: { type: 'object', additionalProperties: ref('PartHealth') },
  }),
};

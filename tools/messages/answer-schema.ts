import type { Answer } from '#commands/answer.js';
import type { Flaw } from '#commands/flaw.js';
import { FLAWS_MAX } from '#commands/message-check.js';
import type { FailureReason } from '#commands/undecided-answer.js';
import { everyWord } from '#http/every-word.js';
import { refusals } from '#http/open-api/answer-schemas.js';
import { count, exactly, id, objectOf, text, word } from './schema.ts';
import type { JsonSchema } from './schema.ts';
import { commandTypes, recordedRefusals, unrecordedRefusals } from './words.ts';

type Outcome = Answer['outcome'];
type Named = 'commandId' | 'commandType' | 'merchantAccountId' | 'authorizationId';

/** An answer with this outcome: the members that it always has, and those that it may have. */
type AnswerWith<Always extends keyof Answer, Maybe extends keyof Answer = never> = Readonly<
  Required<Pick<Answer, 'outcome' | Always>> & Partial<Pick<Answer, Maybe>>
>;

const named = {
  commandId: id('Chosen by the sender.'),
  commandType: word('What was asked for.', commandTypes),
  merchantAccountId: id('Whose it is.'),
  authorizationId: id('Of the authorization.'),
};
const made = {
  'captureId?': id('Of the capture that the command made or named.'),
  'refundId?': id('Of the refund that the command made or named.'),
};
const revision = count('Of the authorization’s history after this command.');

const flaw = objectOf<Flaw>({
  pointer: text('Where: a JSON Pointer (RFC 6901) into the command, empty for all of it.'),
  message: text('What is wrong, without repeating any value.'),
});

/** By outcome. */
const outcomes: Readonly<Record<Outcome, JsonSchema>> = {
  accepted: objectOf<AnswerWith<Named | 'revision', 'captureId' | 'refundId'>>(
    { ...named, outcome: exactly('accepted'), ...made, revision },
    'A decision, for ever. The same command again gets the same bytes.',
  ),
  rejected: {
    ...objectOf<AnswerWith<Named | 'reason', 'captureId' | 'refundId' | 'revision' | 'details'>>(
      {
        ...named,
        outcome: exactly('rejected'),
        ...made,
        'revision?': revision,
        reason: word('Why.', refusals),
        'details?': {
          type: 'object',
          minProperties: 1,
          additionalProperties: { type: ['string', 'number', 'boolean'] },
          description: 'The numbers that mattered: a sum beyond 2^53 - 1 is written as text.',
        },
      },
      'A decision, for ever. The same command again gets the same bytes.',
    ),
    oneOf: [
      { properties: { reason: { enum: recordedRefusals } }, required: ['revision'] },
      // A refusal that leaves no trace has no place in the history.
      { properties: { reason: { enum: unrecordedRefusals } }, not: { required: ['revision'] } },
    ],
  },
  invalid: objectOf<AnswerWith<'errors', Named>>(
    {
      'commandId?': named.commandId,
      'commandType?': named.commandType,
      outcome: exactly('invalid'),
      'merchantAccountId?': named.merchantAccountId,
      'authorizationId?': named.authorizationId,
      errors: { type: 'array', items: flaw, minItems: 1, maxItems: FLAWS_MAX },
    },
    'No decision: this was no command. Mended, it may come under the same id.',
  ),
  failed: objectOf<AnswerWith<Named | 'reason'>>(
    {
      ...named,
      outcome: exactly('failed'),
      reason: word(
        'What is the matter with the ledger.',
        everyWord<FailureReason>({
          stream_unusable: true,
          internal_error: true,
          history_full: true,
        }),
      ),
    },
    'No decision: the same command may come again when the ledger is mended.',
  ),
};

/** Of the value of an answer; under `$defs` by its outcome. */
export const answerSchema: JsonSchema = {
  title: 'Answer',
  description: 'What became of a command, over Kafka and HTTP alike.',
  oneOf: Object.keys(outcomes).map((outcome) => ({ $ref: `#/$defs/${outcome}` })),
  $defs: outcomes,
};

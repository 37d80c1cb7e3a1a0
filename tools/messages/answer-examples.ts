import type { Answer } from '#commands/answer.js';
import { ANSWER_SOURCE } from '#kafka/answer-record.js';
import { answerTypes } from './header-schemas.ts';

const key = 'default/auth_4563';

const named = {
  commandId: 'order-118-capture-2',
  commandType: 'CreateCapture',
} as const;
const whose = { merchantAccountId: 'default', authorizationId: 'auth_4563' } as const;

const answers: readonly Answer[] = [
  { ...named, outcome: 'accepted', ...whose, captureId: 'capture_2', revision: 3 },
  {
    ...named,
    outcome: 'rejected',
    ...whose,
    revision: 3,
    reason: 'amount_exceeds_capturable',
    details: { amount: 5000, capturable: 3000, held: 7000, limit: 10000 },
  },
  {
    ...named,
    outcome: 'invalid',
    ...whose,
    errors: [
      {
        pointer: '/amount',
        message: 'must be a whole number of minor units, 1 to 9007199254740991',
      },
    ],
  },
  { ...named, outcome: 'failed', ...whose, reason: 'stream_unusable' },
];

/** By `ce_type`: an answer, headers and value. */
export const answerExamples: Readonly<Record<string, unknown>> = Object.fromEntries(
  answers.map((answer) => [
    answerTypes[answer.outcome],
    {
      headers: {
        ce_specversion: '1.0',
        ce_id:
          'revision' in answer
            ? `${key}/${named.commandId}/${answer.outcome}`
            : 'capture.commands.v1/17/4711',
        ce_type: answerTypes[answer.outcome],
        ce_source: ANSWER_SOURCE,
        'content-type': 'application/json',
      },
      payload: answer,
    },
  ]),
);

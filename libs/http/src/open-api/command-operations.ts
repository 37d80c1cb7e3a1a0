import type { CommandType } from '#capture/commands.js';
import type { Answer } from '#commands/answer.js';
import { commandResponse } from '../command-response.js';
import { commandExamples } from './command-examples.js';
import { parameterRef } from './parameters.js';
import { json, problem } from './responses.js';
import { ref } from './schema.js';

/** By address: one operation for each command, so that each body has its own schema. */
export const commandOperations = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (Object.keys(commandExamples) as CommandType[]).map((type) => [
      `/v1/commands/${type}`,
      { post: operationOf(type) },
    ]),
  );

const operationOf = (type: CommandType): Readonly<Record<string, unknown>> => {
  const { summary, body } = commandExamples[type];
  return {
    operationId: type.charAt(0).toLowerCase() + type.slice(1),
    tags: ['commands'],
    summary,
    parameters: [
      parameterRef('IdempotencyKey'),
      parameterRef('MerchantAccountId'),
      parameterRef('IfMatch'),
      parameterRef('Traceparent'),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: ref(type), example: body } },
    },
    responses,
  };
};

const decision = {
  commandId: 'order-118-capture-2',
  commandType: 'CreateCapture',
  merchantAccountId: 'default',
  authorizationId: 'auth_4563',
  captureId: 'capture_2',
  revision: 3,
} as const;

const refusal: Answer = {
  ...decision,
  outcome: 'rejected',
  reason: 'amount_exceeds_capturable',
  details: { capturable: 3000 },
};

const accepted = {
  headers: ['etag', 'repeat'],
  example: { ...decision, outcome: 'accepted' },
} as const;

const responses = {
  200: json('Accepted; nothing new was made.', 'Answer', accepted),
  201: json('Accepted; something was made.', 'Answer', {
    ...accepted,
    headers: ['etag', 'repeat', 'location'],
  }),
  400: problem('No valid command, or no valid request.', ['InvalidCommand', 'InvalidRequest']),
  409: problem('The Idempotency-Key was used for another command.', ['Refusal']),
  412: problem('The authorization is at another revision.', ['PreconditionFailed'], {
    headers: ['etag'],
  }),
  413: problem('The body is too large.'),
  415: problem('The body is no JSON by its headers.'),
  422: problem('Refused; the reason is the code.', ['Refusal'], {
    headers: ['etag', 'repeat'],
    example: JSON.parse(commandResponse({ answer: refusal, repeat: false }, '').body ?? ''),
  }),
  503: problem(
    'Nothing is known to be decided: send the same again later.',
    ['FailedCommand', 'Problem'],
    { headers: ['retry'] },
  ),
};

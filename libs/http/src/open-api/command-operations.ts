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

const accepted: Answer = {
  commandId: 'order-118-capture-2',
  commandType: 'CreateCapture',
  outcome: 'accepted',
  merchantAccountId: 'default',
  authorizationId: 'auth_4563',
  captureId: 'capture_2',
  revision: 3,
};

const { captureId, ...named } = accepted;

const refused: Answer = {
  ...named,
  outcome: 'rejected',
  reason: 'amount_exceeds_capturable',
  details: { amount: 5000, capturable: 3000, held: 7000, limit: 10000 },
};

const responses = {
  200: json('Accepted; nothing new was made.', 'Answer', {
    headers: ['etag', 'repeat'],
    example: accepted,
  }),
  201: json('Accepted; something was made.', 'Answer', {
    headers: ['etag', 'repeat', 'location'],
    example: accepted,
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
    example: JSON.parse(commandResponse({ answer: refused, repeat: false }, '').body ?? ''),
  }),
  503: problem(
    'Nothing is known to be decided: send the same again later.',
    ['FailedCommand', 'Problem'],
    { headers: ['retry'] },
  ),
};

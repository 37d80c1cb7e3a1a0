import type { CommandType } from '#capture/commands.js';
import { commandExamples } from '#http/open-api/command-examples.js';
import { answerExamples } from './answer-examples.ts';
import { answerTypes } from './header-schemas.ts';
import { keyBinding } from './kafka-bindings.ts';
import { commandTypes } from './words.ts';

export type Message = Readonly<Record<string, unknown>>;

const schema = (place: string) => ({ $ref: `./schemas/${place}` });

/** Where a caller's correlation is, in a command and in its answer. */
export const replyCorrelation = {
  location: '$message.header#/kafka_correlationId',
  description: 'Copied from the command to its answer, byte for byte.',
};
const correlationId = { $ref: '#/components/correlationIds/replyCorrelation' };

const commandKey = keyBinding('The authorization id.');
const answerKey = keyBinding('{merchantAccountId}/{authorizationId}');

const commandMessage = (type: CommandType): Message => {
  const { summary, body } = commandExamples[type];
  const headers = {
    ce_specversion: '1.0',
    ce_id: `${type}-1`,
    ce_type: type,
    ce_source: '/shop/checkout',
    ce_time: '2026-11-21T09:00:00Z',
    'content-type': 'application/json',
  };
  return {
    name: type,
    title: type,
    summary,
    contentType: 'application/json',
    headers: schema('headers/command.json'),
    payload: schema(`commands/${type}.json`),
    correlationId,
    bindings: commandKey,
    examples: [{ headers, payload: body }],
  };
};

/** Messages by their names. */
export type Messages = Readonly<Record<string, Message>>;

export const commandMessages: Messages = {
  ...Object.fromEntries(commandTypes.map((type) => [type, commandMessage(type)])),
  StructuredCommand: {
    name: 'StructuredCommand',
    title: 'Any command in structured mode',
    summary: 'One CloudEvent in JSON, the command’s members as its data.',
    contentType: 'application/cloudevents+json',
    headers: schema('headers/structured-command.json'),
    payload: schema('structured-command.json'),
    correlationId,
    bindings: commandKey,
  },
};

export const answerMessages: Messages = Object.fromEntries(
  Object.entries(answerTypes).map(([outcome, type]) => [
    type,
    {
      name: type,
      title: type,
      summary: `A command was ${outcome}.`,
      contentType: 'application/json',
      headers: schema('headers/answer.json'),
      payload: schema(`answer.json#/$defs/${outcome}`),
      correlationId,
      bindings: answerKey,
      examples: [answerExamples[type]],
    },
  ]),
);

export const deadLetterMessages: Messages = {
  DeadLetter: {
    name: 'DeadLetter',
    title: 'A record that could not be decided',
    summary: 'As it came, key, value and headers, with where it was and why.',
    contentType: 'application/octet-stream',
    headers: schema('headers/dead-letter.json'),
    bindings: keyBinding('The record’s own.'),
  },
};

import type { CommandType } from '#capture/commands.js';
import { jsonSchemaOf } from '#commands/command-classes.js';
import { JSON_DEPTH_MAX } from '#commands/safe-json.js';
import { BODY_BYTES_MAX, PAGE_MAX } from '../limits.js';
import { answerSchemas } from './answer-schemas.js';
import { captureSchemas } from './capture-schemas.js';
import { commandExamples } from './command-examples.js';
import { commandOperations } from './command-operations.js';
import { parameterComponents } from './parameters.js';
import { readOperations } from './read-operations.js';
import { headerComponents, json, problem } from './responses.js';
import { viewSchemas } from './view-schemas.js';

const description = `
Commands go in with \`POST /v1/commands/{type}\`; each is answered once, and the same for ever: send it again
with the same \`Idempotency-Key\` as often as you like. Views are folded from the history when they are asked
for, and see every answered command; lists follow a moment behind and say \`asOf\`.

An error is a problem of RFC 9457, its \`code\` one word for what happened. What a command is refused with has
the members of its answer too. Amounts are whole minor units of their currency.

Limits: a body of ${BODY_BYTES_MAX} bytes, nested ${JSON_DEPTH_MAX} deep; ids of 128 characters; pages of ${PAGE_MAX}. What is
not known here is refused, in bodies and queries alike.`;

const process = (operationId: string, summary: string, responses: object) => ({
  get: { operationId, tags: ['process'], summary, responses },
});

const processOperations = {
  '/health/live': process('readLiveness', 'Whether this process is worth keeping.', {
    200: json('It is.', 'PartHealth'),
    503: json('It is not.', 'PartHealth'),
  }),
  '/health/ready': process('readReadiness', 'Whether work may be sent here, part by part.', {
    200: json('It may.', 'Readiness'),
    503: json('It may not.', 'Readiness'),
  }),
  '/health/ready/{part}': {
    get: {
      operationId: 'readPartReadiness',
      tags: ['process'],
      summary: 'Whether one part works; one that the rest can do without only degrades the whole.',
      parameters: [
        {
          name: 'part',
          in: 'path',
          required: true,
          description: 'A name that `/health/ready` tells.',
          schema: { type: 'string', examples: ['kafka'] },
        },
      ],
      responses: {
        200: json('It does.', 'PartHealth'),
        404: problem('There is no such part.'),
        503: json('It does not.', 'PartHealth'),
      },
    },
  },
  '/metrics': process('readMetrics', 'What the process counts.', {
    200: {
      description: 'In the text format of Prometheus.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
  }),
  '/openapi.json': process('readDescription', 'This document.', {
    200: {
      description: 'OpenAPI 3.1.',
      content: { 'application/json': { schema: { type: 'object' } } },
    },
  }),
};

/** What this API is, in OpenAPI 3.1, put together from what reads requests and makes responses. */
export const openApiDocument = () => ({
  openapi: '3.1.1',
  info: {
    title: 'Capture Ledger',
    version: '1',
    summary: 'An event-sourced ledger for payment captures.',
    description: description.trim(),
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  security: [],
  tags: [
    { name: 'commands', description: 'What may be asked for, and what others report.' },
    { name: 'views', description: 'One authorization or capture, always current.' },
    { name: 'lists', description: 'Many of them, a moment behind.' },
    { name: 'process', description: 'For whoever runs it.' },
  ],
  paths: { ...commandOperations(), ...readOperations, ...processOperations },
  components: {
    schemas: { ...commandSchemas(), ...answerSchemas, ...viewSchemas, ...captureSchemas },
    parameters: parameterComponents,
    headers: headerComponents,
  },
});

const commandSchemas = () =>
  Object.fromEntries(
    (Object.keys(commandExamples) as CommandType[]).map((type) => [type, jsonSchemaOf(type)]),
  );

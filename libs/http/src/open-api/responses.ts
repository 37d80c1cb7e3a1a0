import type { JsonSchema } from '#commands/class-schema.js';
import { ref } from './schema.js';

/** A response of an operation, as OpenAPI describes it. */
export type DescribedResponse = Readonly<Record<string, unknown>>;

const header = (description: string, schema: JsonSchema = { type: 'string' }) => ({
  description,
  schema,
});

export const headerComponents = {
  ETag: header('The revision of the authorization, in quotes.', {
    type: 'string',
    pattern: '^"[0-9]+"$',
  }),
  Location: header('Where what was made can be read.'),
  LedgerRepeat: header(
    '`true` where the command was decided before, and this is the same answer again.',
    {
      type: 'string',
      const: 'true',
    },
  ),
  LedgerTraceId: header(
    'By which the request is found in the log: of `traceparent`, or made here.',
    {
      type: 'string',
      pattern: '^[0-9a-f]{32}$',
    },
  ),
  RetryAfter: header('Seconds.'),
};

const named = {
  etag: ['ETag', 'ETag'],
  location: ['Location', 'Location'],
  repeat: ['Ledger-Repeat', 'LedgerRepeat'],
  retry: ['Retry-After', 'RetryAfter'],
} as const;

export type HeaderName = keyof typeof named;

const headersOf = (names: readonly HeaderName[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries([
    ...names.map((name) => [named[name][0], { $ref: `#/components/headers/${named[name][1]}` }]),
    ['Ledger-Trace-Id', { $ref: '#/components/headers/LedgerTraceId' }],
  ]);

/** A response with a JSON body of this schema. */
export const json = (
  description: string,
  schema: string,
  { headers = [], example }: Readonly<{ headers?: readonly HeaderName[]; example?: unknown }> = {},
): DescribedResponse => ({
  description,
  headers: headersOf(headers),
  content: {
    'application/json': { schema: ref(schema), ...(example !== undefined && { example }) },
  },
});

/** A response that is a problem, of one of these schemas. */
export const problem = (
  description: string,
  schemas: readonly string[] = ['Problem'],
  { headers = [], example }: Readonly<{ headers?: readonly HeaderName[]; example?: unknown }> = {},
): DescribedResponse => ({
  description,
  headers: headersOf(headers),
  content: {
    'application/problem+json': {
      schema: schemas.length === 1 ? ref(schemas[0]!) : { anyOf: schemas.map(ref) },
      ...(example !== undefined && { example }),
    },
  },
});

export const notModified: DescribedResponse = {
  description: 'The sender has it as of this revision: see If-None-Match.',
  headers: headersOf(['etag']),
};

import type { Parameter } from '../parameter.js';
import type { QueryParameters } from '../query.js';
import { idempotencyKeyHeader, merchantAccountHeader, pathIds } from '../request-ids.js';

type Described = Readonly<Record<string, unknown>>;

const described = (
  name: string,
  where: 'query' | 'path' | 'header',
  { schema, description }: Pick<Parameter, 'schema' | 'description'>,
): Described => ({
  name,
  in: where,
  description,
  schema,
  ...(where === 'path' && { required: true }),
});

/** The parameters of a query, from what reads them. */
export const queryParameters = (parameters: QueryParameters): readonly Described[] =>
  Object.entries(parameters).map(([name, parameter]) => described(name, 'query', parameter));

export const pathParameter = (name: keyof typeof pathIds): Described =>
  described(name, 'path', pathIds[name]);

export const parameterComponents = {
  MerchantAccountId: described('X-Merchant-Account-Id', 'header', merchantAccountHeader),
  IdempotencyKey: {
    ...described('Idempotency-Key', 'header', idempotencyKeyHeader),
    required: true,
  },
  IfMatch: described('If-Match', 'header', {
    description:
      'The revision that the authorization must be at, in quotes. Asked only of a command that was not decided before.',
    schema: { type: 'string', pattern: '^"(0|[1-9][0-9]*)"$', examples: ['"3"'] },
  }),
  IfNoneMatch: described('If-None-Match', 'header', {
    description: 'Entity tags that the sender has already.',
    schema: { type: 'string' },
  }),
  Traceparent: described('traceparent', 'header', {
    description: 'W3C Trace Context. Its trace id is kept with the events of a command.',
    schema: { type: 'string' },
  }),
};

export const parameterRef = (name: keyof typeof parameterComponents): Described => ({
  $ref: `#/components/parameters/${name}`,
});

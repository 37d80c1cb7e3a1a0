import type { JsonSchema } from '#commands/class-schema.js';

/** An object with exactly the members of `T`: a member that is missing here is a type error. */
export const objectOf = <T>(
  members: { readonly [Name in keyof Required<T>]: JsonSchema },
  { optional = [] }: Readonly<{ optional?: readonly (keyof T)[] }> = {},
): JsonSchema => ({
  type: 'object',
  properties: members,
  required: Object.keys(members).filter((name) => !optional.includes(name as keyof T)),
});

export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

export const text = (description: string): JsonSchema => ({ type: 'string', description });

export const yesOrNo = (description: string): JsonSchema => ({ type: 'boolean', description });

export const count = (description: string): JsonSchema => ({
  type: 'integer',
  minimum: 0,
  description,
});

export const instant = (description: string): JsonSchema => ({
  type: 'string',
  format: 'date-time',
  description,
});

export const word = (description: string, words: readonly string[]): JsonSchema => ({
  type: 'string',
  enum: words,
  description,
});

/** What is not known is null, never absent. */
export const orNull = ({ type, ...schema }: JsonSchema): JsonSchema => ({
  ...schema,
  type: [type, 'null'],
});

import type { JsonSchema } from '#commands/class-schema.js';

export type { JsonSchema };

/**
 * The members of `T`, each written as TypeScript has it: with `?` where it may be left out. A member that
 * is missing, too many, or wrong about the `?` is a type error, so that schemas stay in step with types.
 */
export type MembersOf<T> = {
  readonly [
    Name in keyof T & string as MayBeLeftOut<T, Name> extends true ? `${Name}?` : Name
  ]-?: JsonSchema;
};

type MayBeLeftOut<T, Name extends keyof T> = object extends Pick<T, Name> ? true : false;

/** An object with exactly the members of `T`. Closed: what is not in it, we do not write. */
export const objectOf = <T>(members: MembersOf<T>, description?: string): JsonSchema => {
  const entries = Object.entries<JsonSchema>(members);
  return {
    ...(description !== undefined && { description }),
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [bare(name), schema])),
    required: entries.map(([name]) => name).filter((name) => bare(name) === name),
    additionalProperties: false,
  };
};

const bare = (name: string): string => name.replace(/\?$/, '');

export const text = (description: string): JsonSchema => ({ type: 'string', description });

export const id = (description: string): JsonSchema => ({
  type: 'string',
  pattern: '^[A-Za-z0-9._:~-]{1,128}$',
  description,
});

/** SHA-256, or something else of 32 bytes, in base64url. */
export const digest = (description: string): JsonSchema => ({
  type: 'string',
  pattern: '^[A-Za-z0-9_-]{43}$',
  description,
});

export const yesOrNo = (description: string): JsonSchema => ({ type: 'boolean', description });

export const count = (description: string, minimum = 0): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum: Number.MAX_SAFE_INTEGER,
  description,
});

/** An amount of money: whole minor units of the authorization's currency, never 0. */
export const amount = (description: string): JsonSchema =>
  count(`${description} Whole minor units.`, 1);

export const word = (description: string, words: readonly string[]): JsonSchema => ({
  type: 'string',
  enum: words,
  description,
});

/** RFC 3339 in UTC with milliseconds: as text it sorts as the instant does. */
export const instant = (description: string): JsonSchema => ({
  type: 'string',
  format: 'date-time',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`,
  description,
});

/** A member that has one value. */
export const exactly = (value: string, description?: string): JsonSchema => ({
  type: 'string',
  const: value,
  ...(description !== undefined && { description }),
});

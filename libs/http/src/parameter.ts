import type { JsonSchema } from '#commands/class-schema.js';
import { ID } from '#commands/members.js';
import { millisecondsOf } from './duration.js';

/** One thing that a query, a path or a header may say: the one source for reading it and for OpenAPI. */
export type Parameter<Value = unknown> = Readonly<{
  schema: JsonSchema;
  /** For a person who looks it up. */
  description: string;
  /** For whoever got it wrong: follows "must be". */
  expected: string;
  /** Undefined where the text is no value. */
  read: (text: string) => Value | undefined;
}>;

export const id = (description: string): Parameter<string> => ({
  schema: { type: 'string', pattern: ID.source },
  description,
  expected: '1 to 128 characters of A-Z a-z 0-9 . _ : ~ -',
  read: (text) => (ID.test(text) ? text : undefined),
});

export const wholeNumber = (
  description: string,
  { min, max, byDefault }: Readonly<{ min: number; max: number; byDefault?: number }>,
): Parameter<number> => ({
  schema: {
    type: 'integer',
    minimum: min,
    maximum: max,
    ...(byDefault !== undefined && { default: byDefault }),
  },
  description,
  expected: `a whole number from ${min} to ${max}`,
  read: (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    return value >= min && value <= max ? value : undefined;
  },
});

export const oneOf = <Value extends string>(
  description: string,
  values: readonly Value[],
): Parameter<Value> => ({
  schema: { type: 'string', enum: values },
  description,
  expected: `one of ${values.join(', ')}`,
  read: (text) => values.find((value) => value === text),
});

/** Milliseconds. */
export const duration = (description: string): Parameter<number> => ({
  schema: { type: 'string', format: 'duration', examples: ['PT15M'] },
  description,
  expected: 'a duration of ISO 8601 in days, hours, minutes and seconds, as PT15M',
  read: millisecondsOf,
});

/** Text that a page before gave, and that means nothing to anybody else. */
export const cursor = (description: string): Parameter<string> => ({
  schema: { type: 'string', minLength: 1, maxLength: 512 },
  description,
  expected: 'the next of a page before',
  read: (text) => (text.length > 0 && text.length <= 512 ? text : undefined),
});

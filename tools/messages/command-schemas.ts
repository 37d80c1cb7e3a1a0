import type { CommandType } from '#capture/commands.js';
import { jsonSchemaOf } from '#commands/command-classes.js';
import { commandExamples } from '#http/open-api/command-examples.js';
import { exactly } from './schema.ts';
import type { JsonSchema } from './schema.ts';
import { commandTypes } from './words.ts';

/** Of a record's value: the members of the command. The record's key says whose authorization it is. */
const commandSchemaOf = (type: CommandType): JsonSchema => {
  const { required, properties, ...schema } = readable(jsonSchemaOf(type)) as JsonSchema & {
    required: readonly string[];
    properties: Readonly<Record<string, JsonSchema>>;
  };
  const { summary, body } = commandExamples[type];
  return {
    ...schema,
    title: type,
    description: summary,
    properties: { ...properties, type: exactly(type, 'Here or in the header ce_type.') },
    required: required.filter((name) => name !== 'authorizationId'),
    examples: [body],
  };
};

/**
 * Without `format: free-text`: that the texts hold no card number is checked by the ledger, and no other
 * validator knows of it; strict ones refuse a format that they do not know.
 */
const readable = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(readable);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members: Record<string, unknown> = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, readable(value)]),
  );
  if (members['format'] !== 'free-text') return members;
  const { format, description, ...others } = members;
  return { ...others, description: `${String(description)}, without a card number` };
};

/** By command type. */
export const commandSchemas: ReadonlyMap<CommandType, JsonSchema> = new Map(
  commandTypes.map((type) => [type, commandSchemaOf(type)]),
);

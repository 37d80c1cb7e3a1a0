import { format, resolveConfig } from 'prettier';
import { answerSchema } from './answer-schema.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { checkpointSchema } from './checkpoint-schema.ts';
import { commandSchemas } from './command-schemas.ts';
import { eventMetadataSchema, eventSchemas } from './event-schemas.ts';
import {
  answerHeadersSchema,
  commandHeadersSchema,
  deadLetterHeadersSchema,
  structuredHeadersSchema,
} from './header-schemas.ts';
import { eventHeadersSchema, valueHeadersSchema } from './publication-header-schemas.ts';
import type { JsonSchema } from './schema.ts';
import { structuredCommandSchema } from './structured-command.ts';
import { viewSchemas } from './view-schemas.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** By its place under `schemas/`, without `.json`: every schema of the contract. */
export const schemas: ReadonlyMap<string, JsonSchema> = new Map<string, JsonSchema>([
  ...[...commandSchemas].map(([type, schema]) => [`commands/${type}`, schema] as const),
  ['structured-command', structuredCommandSchema],
  ['answer', answerSchema],
  ...[...eventSchemas].map(([type, schema]) => [`events/${type}`, schema] as const),
  ['event-metadata', eventMetadataSchema],
  ...[...viewSchemas].map(([view, schema]) => [`views/${view}`, schema] as const),
  ['checkpoint', checkpointSchema],
  ['headers/command', commandHeadersSchema],
  ['headers/structured-command', structuredHeadersSchema],
  ['headers/answer', answerHeadersSchema],
  ['headers/dead-letter', deadLetterHeadersSchema],
  ['headers/event', eventHeadersSchema],
  ['headers/value', valueHeadersSchema],
]);

/** What is generated of `docs/messages`: each file's text, by its place there. */
export const messageFiles = async (): Promise<ReadonlyMap<string, string>> => {
  const files: [string, unknown][] = [...schemas].map(([place, schema]) => [
    `schemas/${place}.json`,
    { $schema: DIALECT, ...schema },
  ]);
  files.push(['asyncapi.json', asyncApiDocument()]);
  const style = await resolveConfig(new URL('../../package.json', import.meta.url));
  return new Map(
    await Promise.all(
      files.map(async ([place, content]) => {
        const text = await format(JSON.stringify(content), { ...style, parser: 'json' });
        return [place, text] as const;
      }),
    ),
  );
};

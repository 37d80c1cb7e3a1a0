import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnySchemaObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const FOLDER = 'docs/messages/schemas';

/** As strict as a sender's own validator may be: an unknown keyword or format is an error. */
const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
addFormats.default(ajv);

/** By its place in docs/messages/schemas, as `answer.json`: every schema as it is in its file. */
export const published: ReadonlyMap<string, AnySchemaObject> = new Map(
  readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((place) => place.endsWith('.json'))
    .map((place) => [place, JSON.parse(readFileSync(join(FOLDER, place), 'utf8'))]),
);
for (const [place, schema] of published) ajv.addSchema(schema, place);

/**
 * What is wrong with a value by a published schema, in words; empty where nothing is.
 *
 * @throws {Error} there is no such schema, or it is none.
 */
export const flawsBy = (place: string, value: unknown): readonly string[] => {
  const validate = ajv.getSchema(place);
  if (!validate) throw new Error(`docs/messages/schemas has no ${place}`);
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${place}: ${instancePath || 'all of it'} ${message} ${JSON.stringify(params)}`,
  );
};

import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { openApiDocument } from '#http/open-api/document.js';
import type { HttpAnswer } from './http-client.js';

type Json = Readonly<Record<string, unknown>>;

/** The document as its readers get it. */
export const description = JSON.parse(JSON.stringify(openApiDocument())) as Json & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
};

export type Operation = Json & {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
};

type Response = Readonly<{
  headers?: Readonly<Record<string, unknown>>;
  content?: Readonly<Record<string, Readonly<{ schema: Json }>>>;
}>;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat('free-text', true);
ajv.addSchema({ $id: 'openapi', ...description });

const compiled = new Map<Json, ValidateFunction>();

/** What is wrong with a value by a schema of the document; empty where nothing is. */
export const flawsBy = (schema: Json, value: unknown): readonly unknown[] => {
  const validate = compiled.get(schema) ?? ajv.compile(absolute(schema));
  compiled.set(schema, validate);
  return validate(value) ? [] : (validate.errors ?? []);
};

/** References of a part of the document are to the whole of it. */
const absolute = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')) as Json;

/** The operation of an address, if it is described. */
export const operationAt = (method: string, address: string): Operation | undefined => {
  const [path = ''] = address.split('?');
  const template = Object.keys(description.paths)
    .toSorted((a, b) => a.split('{').length - b.split('{').length)
    .find((one) => new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path));
  const name = method === 'HEAD' ? 'get' : method.toLowerCase();
  return template === undefined ? undefined : description.paths[template]?.[name];
};

const problem = { $ref: '#/components/schemas/Problem' };

/** Throws where an answer is not what the document says: of an address that is not in it, no problem. */
export const expectAsDescribed = (
  { method, path }: Readonly<{ method: string; path: string }>,
  { status, headers, body, json }: HttpAnswer,
): void => {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const operation = operationAt(method, path);
  const described = operation?.responses[status];
  if (operation && !described && status !== 500) {
    throw new Error(`${operation.operationId} is not described to answer ${status}: ${body}`);
  }
  if (!described) {
    if (status < 400 || type !== 'application/problem+json' || flawsBy(problem, json).length > 0) {
      throw new Error(`${method} ${path}: ${status} ${type} is not described: ${body}`);
    }
    return;
  }
  for (const name of Object.keys(described.headers ?? {})) {
    const sometimes = name === 'Ledger-Repeat' || name === 'ETag';
    if (!sometimes && headers[name.toLowerCase()] === undefined) {
      throw new Error(`${method} ${path}: ${status} has no ${name}`);
    }
  }
  if (body === '') return;
  const schema = described.content?.[type]?.schema;
  if (!schema) throw new Error(`${method} ${path}: ${status} is not described as ${type}`);
  const flaws = type.endsWith('json') ? flawsBy(schema, json) : [];
  if (flaws.length > 0) {
    throw new Error(`${method} ${path}: ${status} ${body} has ${JSON.stringify(flaws)}`);
  }
};

import { Ajv2020 } from 'ajv/dist/2020.js';
import { jsonSchemaOf } from '#commands/command-classes.js';
import { commandExamples } from '#http/open-api/command-examples.js';
import { description, flawsBy } from './description.js';
import type { Operation } from './description.js';
import { startLedger } from './ledger.js';
import type { RunningLedger } from './ledger.js';

let ledger: RunningLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.stop());

const operations: readonly (readonly [method: string, path: string, operation: Operation])[] =
  Object.entries(description.paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, operation]) => [method.toUpperCase(), path, operation] as const,
    ),
  );

/** Every value of this name, wherever it stands. */
const everywhere = (value: unknown, name: string): readonly unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === name ? [member] : everywhere(member, name),
  );
};

const at = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], description);

describe('the description', () => {
  it('is served as it is', async () => {
    const { status, headers, json } = await ledger.client.get('/openapi.json');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(json).toEqual(description);
  });

  it('is OpenAPI 3.1 with everything that its readers ask for', () => {
    expect(description).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: expect.any(String), version: expect.any(String) },
    });
    const ids = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, path, operation] of operations) {
      expect(operation['summary']).toEqual(expect.any(String));
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = ((operation['parameters'] ?? []) as Record<string, unknown>[])
        .filter((parameter) => parameter['in'] === 'path')
        .map(({ name, required }) => [name, required]);
      expect(described).toEqual(inPath.map((name) => [name, true]));
      for (const response of Object.values(operation.responses)) {
        expect(response).toMatchObject({ description: expect.any(String) });
      }
    }
  });

  it('refers to nothing that is not in it, and has nothing that is not referred to', () => {
    const references = new Set(everywhere(description, '$ref') as string[]);
    for (const reference of references) expect([reference, at(reference)]).not.toContain(undefined);
    const components = Object.entries(description.components).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `#/components/${kind}/${name}`),
    );
    expect(components.filter((one) => !references.has(one))).toEqual([]);
  });

  it('has schemas that are schemas of JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
    ajv.addVocabulary(['components', 'example']);
    for (const [name, schema] of Object.entries(description.components['schemas']!)) {
      expect([name, ajv.validateSchema(schema)]).toEqual([name, true]);
      expect(() => flawsBy(schema, null)).not.toThrow();
    }
  });

  it('has examples that are what they are examples of', () => {
    const contents = everywhere(description, 'content').flatMap((content) =>
      Object.values(content as Record<string, { schema: object; example?: unknown }>),
    );
    const examples = contents.filter(({ example }) => example !== undefined);
    expect(examples.length).toBeGreaterThan(Object.keys(commandExamples).length);
    for (const { schema, example } of examples)
      expect([example, flawsBy(schema as never, example)]).toEqual([example, []]);
  });

  it('has the schema of each command that its checks are made of', () => {
    for (const type of Object.keys(commandExamples)) {
      const path = `/v1/commands/${type}`;
      expect(operations.map(([, one]) => one)).toContain(path);
      expect(description.components['schemas']![type]).toEqual(
        JSON.parse(JSON.stringify(jsonSchemaOf(type as keyof typeof commandExamples))),
      );
    }
  });

  it('has every address that there is, and no other', async () => {
    for (const [method, path] of operations) {
      const address = path.replaceAll(/\{\w+\}/g, 'something');
      const { status, json } = await ledger.client.ask(address, { method });
      expect([address, status, json['code']]).not.toEqual([address, 404, 'not_found']);
      const allowed = await ledger.client.ask(address, { method: 'PUT' });
      expect(allowed.headers.allow).toBe(method === 'GET' ? 'GET, HEAD' : method);
    }
    const described = operations.map(([, path]) =>
      path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/^(\/v1\/commands\/).*/, '$1:type'),
    );
    const routes = ledger.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
    // What is printed is a tree: an address that goes on where another ends has its own end alone.
    const served = [...routes.matchAll(/(\/\S*) \(/g)].map(([, end]) => end);
    expect(new Set(served).size).toBe(new Set(described).size);
  });

  it('tells a story that can be told: its commands, one after another', async () => {
    const outcomes: unknown[] = [];
    for (const [type, { body }] of Object.entries(commandExamples)) {
      const { json } = await ledger.client.send(type, `example-${type}`, body);
      outcomes.push([type, json['outcome'], json['reason']]);
    }
    expect(outcomes).toEqual(
      Object.keys(commandExamples).map((type) =>
        // Of an authorization that nobody has registered.
        type === 'ExpireAuthorization'
          ? [type, 'rejected', 'authorization_unknown']
          : [type, 'accepted', undefined],
      ),
    );
  });
});

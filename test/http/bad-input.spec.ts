import fc from 'fast-check';
import { commandExamples } from '#http/open-api/command-examples.js';
import { description, flawsBy } from './description.js';
import { registration } from './fixtures.js';
import { startLedger } from './ledger.js';
import type { RunningLedger } from './ledger.js';
import { exchange } from './raw-connection.js';

let ledger: RunningLedger;
beforeAll(async () => {
  ledger = await startLedger();
});
afterAll(() => ledger.stop());

const problem = description.components['schemas']!['Problem']!;

/** After whatever it was sent, it does what it is for. */
const expectItWorks = async (id: string): Promise<void> => {
  const sent = await ledger.client.send('RegisterAuthorization', 'well', registration(id));
  expect(sent.status).toBe(201);
};

const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const hugeNumber = fc.constantFrom(
  '1e400',
  '-1e400',
  '9007199254740993',
  '1e21',
  '0.1',
  '-1',
  '-0',
);

/** JSON text of a value that no member of a command may have. */
const noValue = fc.oneof(
  hugeNumber,
  fc.constantFrom('true', '[]', '[[[]]]', '{"a":{}}', '""', '"\\ud800"'),
  fc.integer({ min: 9, max: 5_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.integer({ min: 1_001, max: 5_000 }).map((length) => JSON.stringify('x'.repeat(length))),
);

const examples = Object.entries(commandExamples).map(([type, { body }]) => ({ type, body }));

/** A command with something in it, or about it, that makes it none. */
const noCommand = fc.oneof(
  // A member that has no value, or none that it may have; amounts take whole numbers alone.
  fc
    .tuple(fc.constantFrom(...examples), fc.nat(), noValue)
    .filter(([{ body }, at]) => memberAt(body, at) !== 'expiresAt')
    .map(([{ type, body }, at, value]) => {
      const members = Object.entries(body).map(([name, own]) => [name, JSON.stringify(own)]);
      members[at % members.length]![1] = value;
      return { type, body: `{${members.map(([name, text]) => `"${name}":${text}`).join()}}` };
    }),
  // A member that nobody knows, or that does harm where JSON is merged into objects.
  fc
    .tuple(
      fc.constantFrom(...examples),
      fc.constantFrom('__proto__', 'constructor', 'toString', '', ' ', '\\u005f_proto__', 'x'),
      fc.constantFrom('1', '{"admin":true}', '[1]'),
    )
    .map(([{ type, body }, name, value]) => ({
      type,
      body: `{"${name}":${value},${JSON.stringify(body).slice(1)}`,
    })),
  // One that ends too early, goes on after its end, or says a member twice.
  fc
    .tuple(fc.constantFrom(...examples), fc.integer({ min: 1, max: 50 }))
    .map(([{ type, body }, cut]) => ({ type, body: JSON.stringify(body).slice(0, -cut) })),
  fc
    .tuple(fc.constantFrom(...examples), fc.constantFrom('}', ',', '{}', 'null', '\0'))
    .map(([{ type, body }, more]) => ({ type, body: JSON.stringify(body) + more })),
  fc.constantFrom(...examples).map(({ type, body }) => ({
    type,
    body: `{"authorizationId":"a",${JSON.stringify(body).slice(1)}`,
  })),
  // Bytes that are no UTF-8.
  fc
    .tuple(fc.constantFrom(...examples), fc.constantFrom(0xff, 0xc0, 0x80, 0xed), fc.nat())
    .map(([{ type, body }, byte, at]) => {
      const bytes = Buffer.from(JSON.stringify(body));
      bytes[at % bytes.length] = byte;
      return { type, body: bytes };
    }),
  // Too much.
  fc
    .tuple(fc.constantFrom(...examples), fc.integer({ min: 64 * 1024 + 1, max: 70_000 }))
    .map(([{ type, body }, bytes]) => ({ type, body: JSON.stringify(body).padEnd(bytes) })),
  // Anything at all.
  fc.tuple(fc.constantFrom(...examples), anyText).map(([{ type }, body]) => ({ type, body })),
  fc
    .tuple(fc.constantFrom(...examples), fc.json({ depthSize: 'large' }))
    .map(([{ type }, body]) => ({ type, body: `[${body}]` })),
);

const memberAt = (body: object, at: number): string =>
  Object.keys(body)[at % Object.keys(body).length]!;

it('what is no command is a 4xx problem, whatever is wrong with it, and leaves nothing behind', async () => {
  const head = await ledger.store.head();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(noCommand, async ({ type, body }) => {
      count += 1;
      const { status, headers, json } = await ledger.client.send(type, `bad-${count}`, body);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(status).not.toBe(422);
      expect(headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(flawsBy(problem, json)).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(await ledger.store.head()).toBe(head);
  await expectItWorks('after-no-command');
}, 60_000);

/** Anything that can be written between the method and the version without ending the line. */
const target = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/v1',
        '/authorizations',
        '/captures',
        '/commands',
        '/RegisterAuthorization',
        '/history',
        '/openapi.json',
        '/',
        '?',
        '&',
        '=',
        '%',
        '%00',
        '%2F',
        '%2e%2e',
        '%ff',
        '..',
        'limit',
        'cursor',
        'atRevision',
        '__proto__',
        '9007199254740993',
        '-1',
        '#',
        ';',
        ':',
        '*',
        'a',
      ),
      fc.string({
        unit: fc.integer({ min: 33, max: 255 }).map((code) => String.fromCharCode(code)),
      }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => `/${parts.join('')}`);

const method = fc.constantFrom(
  'GET',
  'GET',
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'FOO',
);

const headerLine = fc
  .tuple(
    fc.constantFrom(
      'Idempotency-Key',
      'If-Match',
      'If-None-Match',
      'X-Merchant-Account-Id',
      'Content-Type',
      'Content-Encoding',
      'traceparent',
      'Accept',
      'Expect',
      'Range',
    ),
    fc.oneof(
      fc.constantFrom('application/json', 'a', '"1"', '*', 'gzip', '100-continue', '__proto__', ''),
      fc.string({
        unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)),
      }),
    ),
  )
  .map(([name, value]) => `${name}: ${value}\r\n`);

it('no request is answered with a 5xx, and every error is a problem', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        method,
        target,
        headers: fc.array(headerLine, { maxLength: 5 }),
        body: fc.uint8Array({ maxLength: 60 }),
      }),
      async ({ method: asked, target: address, headers, body }) => {
        const lines = ['Host: ledger\r\n', 'Connection: close\r\n', ...headers];
        const head = `${asked} ${address} HTTP/1.1\r\n${lines.join('')}Content-Length: ${body.length}\r\n\r\n`;
        const bytes = Buffer.concat([Buffer.from(head, 'latin1'), body]);
        const answer = await exchange(ledger.port, bytes);
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.status).toBeLessThan(500);
        if (answer.status < 400 || asked === 'HEAD') return;
        expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
        expect(flawsBy(problem, JSON.parse(answer.body))).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
  await expectItWorks('after-anything');
}, 60_000);

import * as fc from 'fast-check';
import { commandExamples } from '#http/open-api/command-examples.js';

const example = fc.constantFrom(
  ...Object.entries(commandExamples).map(([type, { body }]) => ({
    type,
    members: Object.entries(body).map(([name, value]) => [name, JSON.stringify(value)] as const),
    body: JSON.stringify(body),
  })),
);

/** JSON text of a value that no member of the examples may have. */
const noValue = fc.oneof(
  fc.constantFrom('1e400', '-1e400', '9007199254740993', '1e21', '0.1', '-1', '-0', 'true'),
  fc.constantFrom('[]', '[[[]]]', '{"a":{}}', '""', '"\\ud800"'),
  fc.integer({ min: 9, max: 5_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.integer({ min: 1_001, max: 5_000 }).map((length) => JSON.stringify('x'.repeat(length))),
);

const withNoValue = fc.tuple(example, fc.nat(), noValue).map(([{ type, members }, at, value]) => {
  const texts = members.map(
    ([name, own], index) => `"${name}":${index === at % members.length ? value : own}`,
  );
  return { type, body: `{${texts.join(',')}}` };
});

const names = [
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\\u005f_proto__',
  'authorizationId',
];

const withNoMember = fc
  .tuple(
    example,
    fc.constantFrom(...names),
    fc.constantFrom('1', '{"admin":true}', '[1]', '"auth_4563"'),
  )
  .map(([{ type, body }, name, value]) => ({ type, body: `{"${name}":${value},${body.slice(1)}` }));

const withNoEnd = fc
  .tuple(example, fc.integer({ min: 1, max: 50 }))
  .map(([{ type, body }, cut]) => ({ type, body: body.slice(0, -cut) }));

const withTwoEnds = fc
  .tuple(example, fc.constantFrom('}', ',', '{}', 'null', '\0'))
  .map(([{ type, body }, more]) => ({ type, body: body + more }));

const withNoText = fc
  .tuple(example, fc.constantFrom(0xff, 0xc0, 0x80, 0xed), fc.nat())
  .map(([{ type, body }, byte, at]) => {
    const bytes = Buffer.from(body);
    bytes[at % bytes.length] = byte;
    return { type, body: bytes };
  });

const withTooMuch = fc
  .tuple(example, fc.integer({ min: 64 * 1024 + 1, max: 70_000 }))
  .map(([{ type, body }, bytes]) => ({ type, body: body.padEnd(bytes) }));

const withAnything = fc
  .tuple(
    example,
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json().map((json) => `[${json}]`),
    ),
  )
  .map(([{ type }, body]) => ({ type, body }));

/** A type of command, and a body that is none: wrong in one place, or altogether. */
export const noCommand = fc.oneof(
  withNoValue,
  withNoMember,
  withNoEnd,
  withTwoEnds,
  withNoText,
  withTooMuch,
  withAnything,
);

/** Text that ends no line. */
const latin = (min: number) =>
  fc.string({ unit: fc.integer({ min, max: 255 }).map((code) => String.fromCharCode(code)) });

const parts = [
  '/v1 /authorizations /captures /commands /RegisterAuthorization /history /openapi.json /health',
  '/ ? & = % %00 %2F %2e%2e %ff .. # ; : * a limit cursor atRevision __proto__ 9007199254740993 -1',
].flatMap((line) => line.split(' '));

const target = fc
  .array(fc.oneof(fc.constantFrom(...parts), latin(33)), { maxLength: 12 })
  .map((texts) => `/${texts.join('')}`);

const headerNames = [
  'Idempotency-Key If-Match If-None-Match X-Merchant-Account-Id Content-Type Content-Encoding',
  'traceparent Accept Expect Range',
].flatMap((line) => line.split(' '));

const values = ['application/json', 'a', '"1"', '*', 'gzip', '100-continue', '__proto__', ''];

const headerLine = fc
  .tuple(fc.constantFrom(...headerNames), fc.oneof(fc.constantFrom(...values), latin(32)))
  .map(([name, value]) => `${name}: ${value}`);

/** The bytes of a request that is framed as HTTP/1.1, whatever it asks for. */
export const anyRequest = fc
  .record({
    method: fc.constantFrom(
      'GET',
      'GET',
      'POST',
      'POST',
      'PUT',
      'DELETE',
      'OPTIONS',
      'TRACE',
      'FOO',
    ),
    target,
    headers: fc.array(headerLine, { maxLength: 5 }),
    body: fc.uint8Array({ maxLength: 60 }),
  })
  .map(({ method, target: address, headers, body }) => {
    const lines = [
      `${method} ${address} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      `Content-Length: ${body.length}`,
      ...headers,
    ];
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
  });

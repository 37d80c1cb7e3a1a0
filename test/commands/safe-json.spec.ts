import { JSON_BYTES_MAX, JSON_DEPTH_MAX, readJson } from '#commands/safe-json.js';

const bytes = (...values: number[]) => Uint8Array.from(values);
const utf8 = (text: string) => new TextEncoder().encode(text);
const flawsIn = (body: string | Uint8Array) => {
  const read = readJson(body);
  return read.ok ? [] : read.flaws;
};
const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
const lists = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
const ofBytes = (size: number) => `{"a":"${'x'.repeat(size - '{"a":""}'.length)}"}`;

describe('Bytes are read as JSON', () => {
  it.each([
    ['text', '{"amount":7000,"of":{"list":[1,"two",null,true]}}'],
    ['UTF-8', utf8('{"reference":"Grüße 😀"}')],
    ['white space', ' {\n"amount" : 1 }\t'],
    ['escapes', String.raw`{"a\"b":"\\","c":"\u00e9\ud83d\ude00:{}[]"}`],
    ['the greatest depth', nested(JSON_DEPTH_MAX)],
    ['the greatest depth of lists', lists(JSON_DEPTH_MAX)],
    ['the greatest size', ofBytes(JSON_BYTES_MAX)],
    ['the same name in different objects', '{"a":{"a":[{"a":1},{"a":1}]}}'],
    ['names that only prototypes have', '{"constructor":{"prototype":{}},"toString":1}'],
    ['trailing zeros', '{"amount":100.00000000000000000000}'],
    ['numbers in text', '{"a":"100.00000000000000001"}'],
    ['a fraction', '{"a":0.30000000000000004}'],
    ['a very small fraction', '{"a":1e-300}'],
    ['nothing with an exponent', '{"a":0.0e-400,"b":[-0e-400,0E5]}'],
    ['exponents in text', '{"a-1e-400":"1e-400"}'],
  ])('when they are %s', (_, body) => {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    expect(readJson(body)).toEqual({ ok: true, value: JSON.parse(text) });
  });
});

describe('Bytes are refused, with the place and without their contents', () => {
  it.each<[string, string | Uint8Array, string, string]>([
    ['one byte too many', ofBytes(JSON_BYTES_MAX + 1), '', 'must be at most 65536 bytes'],
    [
      'too many bytes in few characters',
      `{"a":"${'é'.repeat(32_768)}"}`,
      '',
      'must be at most 65536 bytes',
    ],
    ['one level too deep', nested(JSON_DEPTH_MAX + 1), '', 'must be nested at most 8 deep'],
    ['lists too deep', lists(JSON_DEPTH_MAX + 1), '', 'must be nested at most 8 deep'],
    ['a bomb', '['.repeat(JSON_BYTES_MAX), '', 'must be nested at most 8 deep'],
    ['broken UTF-8', bytes(0x7b, 0xff, 0x7d), '', 'must be well-formed UTF-8'],
    ['UTF-8 cut short', utf8('{"a":"é"}').slice(0, 7), '', 'must be well-formed UTF-8'],
    ['surrogates in UTF-8', bytes(0x22, 0xed, 0xa0, 0x80, 0x22), '', 'must be well-formed UTF-8'],
    ['half a character', '{"a":"\ud83d"}', '', 'must be well-formed UTF-8'],
    [
      'an escaped half of a character',
      String.raw`{"a":["x","\ud83d"]}`,
      '/a/1',
      'must be well-formed Unicode',
    ],
    [
      'half a character in a name',
      String.raw`{"a":{"\udead":1}}`,
      '/a',
      'must be well-formed Unicode',
    ],
    ['nothing', '', '', 'must be JSON; it is not at character 0'],
    ['a byte order mark', utf8('\ufeff{}'), '', 'must be JSON; it is not at character 0'],
    ['half of it', '{"a":1', '', 'must be JSON; it is not at character 6'],
    ['more than it', '{"a":1}}', '', 'must be JSON; it is not at character 7'],
    ['an open string', String.raw`{"a":"\"`, '', 'must be JSON; it is not at character 8'],
    [
      'words like those of an error',
      '"at position 4111111111111111',
      '',
      'must be JSON; it is not at character 29',
    ],
    [
      'words like those of an error',
      'at position 41111',
      '',
      'must be JSON; it is not at character 0',
    ],
    ['an end too soon', '{"a":', '', 'must be JSON; it is not at character 5'],
    ['a word in it', '{"a":[1,undefined]}', '', 'must be JSON; it is not at character 8'],
    ['half a word', '{"a":nul}', '', 'must be JSON; it is not at character 8'],
    ['a list', '[]', '', 'must be a JSON object'],
    ['null', 'null', '', 'must be a JSON object'],
    ['a number', '1', '', 'must be a JSON object'],
    ['a prototype', '{"a":{"__proto__":{}}}', '/a/__proto__', 'must be left out'],
    [
      'a prototype in disguise',
      String.raw`{"\u005f_proto__":null}`,
      '/__proto__',
      'must be left out',
    ],
    ['a member twice', '{"amount":1,"amount":1}', '/amount', 'must be there only once'],
    [
      'a member twice, once escaped',
      String.raw`{"a":1,"\u0061":2}`,
      '/a',
      'must be there only once',
    ],
    [
      'a member twice, far in',
      '{"a":[{},[0,{"x":{},"b/~":[{"y":1}],"b/~":0}]]}',
      '/a/1/1/b~1~0',
      'must be there only once',
    ],
    [
      'a fraction that would be lost',
      '{"amount":100.00000000000000001}',
      '',
      'must hold no number with so long a fraction',
    ],
    ...['10000000000000000001e-17', '100.00000000000000001e0', '1e-400', '-5E-400'].map(
      (number): [string, string, string, string] => [
        'a fraction that would be lost, with an exponent',
        `{"cartItems":[{"unitAmount":${number}}]}`,
        '',
        'must hold no number with so long a fraction',
      ],
    ),
  ])('for %s', (_, body, pointer, message) =>
    expect(flawsIn(body)).toEqual([{ pointer, message }]),
  );
});

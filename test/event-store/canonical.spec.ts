import canonicalize from 'canonicalize';
import {
  anything,
  assert,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  pre,
  property,
  string,
} from 'fast-check';
import { canonicalJson } from '#event-store/canonical.js';

describe('Canonical JSON', () => {
  it.each([
    [
      'members sorted by their UTF-16 code units',
      { b: 1, a: 2, '10': 3, '9': 4, é: 5, '💶': 6, '\ufb33': 7 },
      '{"10":3,"9":4,"a":2,"b":1,"é":5,"💶":6,"\ufb33":7}',
    ],
    [
      'nothing between its tokens',
      { a: [1, { b: null }], c: true },
      '{"a":[1,{"b":null}],"c":true}',
    ],
    [
      'numbers as ECMAScript writes them',
      [1.0, -0, 1e21, 1e-7, 0.1, 1 / 3],
      '[1,0,1e+21,1e-7,0.1,0.3333333333333333]',
    ],
    [
      'escapes only where it must',
      '\u0000\u001f\n"\\/\u007f€',
      '"\\u0000\\u001f\\n\\"\\\\/\u007f€"',
    ],
    ['no members that are undefined', { a: undefined, b: 1 }, '{"b":1}'],
  ])('has %s', (_, value, json) => {
    expect(canonicalJson(value)).toBe(json);
  });

  it.each([
    ['NaN', Number.NaN],
    ['an infinity', { a: [Number.POSITIVE_INFINITY] }],
    ['a lone surrogate', { a: '\ud800' }],
    ['a name that is a lone surrogate', { '\udc00': 1 }],
    ['a bigint', 1n],
    ['nothing at all', undefined],
  ])('has no form for %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(/not allowed|BigInt|no JSON can say/);
  });

  it('has no form for a value that holds itself', () => {
    const value: Record<string, unknown> = {};
    value['itself'] = [value];
    expect(() => canonicalJson(value)).toThrow(/circular/i);
  });

  it('is the same for the same value, however it was come by, and says all of it', () => {
    assert(
      property(jsonValue({ noUnicodeString: false, maxDepth: 5 }), (value) => {
        pre(JSON.stringify(value).isWellFormed());
        const json = canonicalJson(value);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(json))).toBe(json);
      }),
      { numRuns: 1_000 },
    );
  });

  // What is quick must not be another form: one byte, and no stored hash is right any more.
  it('is byte for byte what the reference implementation of RFC 8785 writes, or none where that has none', () => {
    const name = oneof(
      string({ unit: 'binary' }),
      constantFrom('10', '9', '1e3', '__proto__', 'constructor', '\ud800', 'é', '💶', '\ufb33', ''),
    );
    const text = oneof(
      string({ unit: 'binary' }),
      constantFrom('\ud83d', '\\ud83d', '\u007f', '\u2028'),
    );
    const value = anything({
      withDate: true,
      key: name,
      values: [text, jsonValue()],
      maxDepth: 20,
      maxKeys: 60,
    });
    assert(
      property(oneof(value, dictionary(name, value, { maxKeys: 60 })), (any) => {
        expect(textOrNone(() => canonicalJson(any))).toBe(textOrNone(() => canonicalize(any)));
      }),
      { numRuns: 2_000 },
    );
  });
});

const textOrNone = (text: () => string | undefined): string | undefined => {
  try {
    return text();
  } catch {
    return undefined;
  }
};

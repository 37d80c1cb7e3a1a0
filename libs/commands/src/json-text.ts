import { pointerTo } from './json-pointer.js';

// What JSON.parse does not tell: these read the text itself.

const QUOTE = 34;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const MINUS = 45;
const POINT = 46;
const CAPITAL_E = 69;
const SMALL_E = 101;

export type JsonOutline = Readonly<{
  /** How deep lists and objects are nested: `{}` is 1. */
  depth: number;
  /** How many members all objects name; one that is named twice counts twice. */
  members: number;
  /** Whether some number may have a fraction. */
  fractions: boolean;
}>;

/** One pass over the text, in no more memory however deep it is. Of text that is not JSON it says nothing of use. */
export const outlineOf = (text: string): JsonOutline => {
  let level = 0;
  let depth = 0;
  let members = 0;
  let fractions = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        level += 1;
        if (level > depth) depth = level;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        level -= 1;
        break;
      case COLON:
        members += 1;
        break;
      case POINT:
        fractions = true;
        break;
      case MINUS:
        if (isExponent(text.charCodeAt(at - 1))) fractions = true;
        break;
    }
  }
  return { depth, members, fractions };
};

const isExponent = (code: number): boolean => code === SMALL_E || code === CAPITAL_E;

const endOfString = (text: string, start: number): number => {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
};

const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\],]|[^\s{}[\],:"]+/g;

/** The pointer of the first member that its object names twice, where there is one. The text must be JSON. */
export const memberNamedTwice = (text: string): string | undefined => {
  const open: { readonly pointer: string; readonly names: Set<string>; at: string | number }[] = [];
  for (const [token, string, colon] of text.matchAll(TOKENS)) {
    const inside = open.at(-1);
    if (token === '{' || token === '[') {
      const pointer = inside ? pointerTo(inside.pointer, inside.at) : '';
      open.push({ pointer, names: new Set(), at: 0 });
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ',' && typeof inside?.at === 'number') {
      inside.at += 1;
    } else if (string && colon && inside) {
      const name = String(JSON.parse(string));
      if (inside.names.has(name)) return pointerTo(inside.pointer, name);
      inside.names.add(name);
      inside.at = name;
    }
  }
  return undefined;
};

/**
 * Whether some number is written with a fraction that is too fine to be kept, so that it would be read
 * as a whole number: 100.00000000000000001 is no amount. Trailing zeros are no such fraction. With an
 * exponent it is refused beyond 15 digits, up to which a fraction is only lost where 0 is read: 1e-400.
 */
export const losesFraction = (text: string): boolean =>
  Array.from(text.matchAll(TOKENS)).some(([token]) =>
    /^-?\d[\d.]*[eE]/.test(token)
      ? digitsOf(token) > DIGITS_KEPT || (digitsOf(token) > 0 && Number(token) === 0)
      : /^-?\d+\.\d*[1-9]\d*$/.test(token) && Number.isInteger(Number(token)),
  );

/** Decimal digits that every number of JavaScript keeps. */
const DIGITS_KEPT = 15;

/** The digits of a number that say something: neither zeros before nor after, nor its exponent. */
const digitsOf = (number: string): number =>
  number
    .replace(/[eE].*$/, '')
    .replaceAll(/\D/g, '')
    .replace(/^0+/, '')
    .replace(/0+$/, '').length;

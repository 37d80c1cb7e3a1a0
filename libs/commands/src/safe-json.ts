import type { Flaw } from './flaw.js';
import { pointerTo } from './json-pointer.js';
import { losesFraction, memberNamedTwice, outlineOf } from './json-text.js';

export type JsonLimits = Readonly<{
  /** Of the text, in UTF-8. */
  bytes: number;
  /** Of objects and lists within one another, the message itself included. */
  depth: number;
}>;

/** Of one message, in UTF-8. */
export const JSON_BYTES_MAX = 64 * 1024;

/** Of objects and lists within one another, the message itself included. */
export const JSON_DEPTH_MAX = 8;

export type JsonObject = Record<string, unknown>;

export type JsonRead =
  Readonly<{ ok: true; value: JsonObject }> | Readonly<{ ok: false; flaws: readonly Flaw[] }>;

/**
 * Any bytes, or any text, to a JSON object that is safe to go on with. Never throws, and never repeats
 * what it was given: the value may be a secret.
 *
 * Refused as well are: a member named twice (JSON.parse would keep the last, others the first, and it is
 * money), `__proto__`, Unicode that is not well-formed (it has no canonical form to hash), and a fraction
 * too fine to be kept. `constructor` and `prototype` are names like any other here: nothing of ours
 * merges what is sent into objects that exist.
 */
export const readJson = (
  body: Uint8Array | string,
  limits: JsonLimits = { bytes: JSON_BYTES_MAX, depth: JSON_DEPTH_MAX },
): JsonRead => {
  if (sizeOf(body) > limits.bytes) return refused(`must be at most ${limits.bytes} bytes`);
  const text = textOf(body);
  if (text === undefined) return refused('must be well-formed UTF-8');
  const { depth, members, fractions } = outlineOf(text);
  if (depth > limits.depth) return refused(`must be nested at most ${limits.depth} deep`);
  const parsed = parse(text);
  if (typeof parsed === 'string') return refused(parsed);
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('must be a JSON object');
  }
  const flaws = flawsOfText(text, value);
  if (membersIn(value) !== members) {
    flaws.push({ pointer: memberNamedTwice(text) ?? '', message: 'must be there only once' });
  }
  if (fractions && losesFraction(text)) {
    flaws.push({ pointer: '', message: 'must hold no number with so long a fraction' });
  }
  return flaws.length === 0 ? { ok: true, value: value as JsonObject } : { ok: false, flaws };
};

const refused = (message: string): JsonRead => ({ ok: false, flaws: [{ pointer: '', message }] });

const sizeOf = (body: Uint8Array | string): number =>
  typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const textOf = (body: Uint8Array | string): string | undefined => {
  if (typeof body === 'string') return body.isWellFormed() ? body : undefined;
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
};

/** What the text says, or what is wrong with it. The words of JSON.parse repeat the text: only the place is taken. */
const parse = (text: string): Readonly<{ value: unknown }> | string => {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const [, place] = /at position (\d+)(?: \(.*\))?$/.exec(String(error)) ?? [];
    return `must be JSON; it is not at character ${place ?? firstWrongIn(text)}`;
  }
};

/**
 * Where JSON.parse says no place, which it does of a character that cannot stand there, and of an end that
 * comes too soon: the shortest beginning that is wrong already, found by halves.
 */
const firstWrongIn = (text: string): number => {
  let right = 0;
  let wrong = text.length + 1;
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (beginsAsJson(text.slice(0, middle))) right = middle;
    else wrong = middle;
  }
  return wrong - 1;
};

const beginsAsJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return !String(error).endsWith('is not valid JSON');
  }
};

/** A member that its object names twice is one member here, and two in the text. */
const membersIn = (holder: object): number => {
  const values: unknown[] = Object.values(holder);
  let members = Array.isArray(holder) ? 0 : values.length;
  for (const value of values) if (isHolder(value)) members += membersIn(value);
  return members;
};

/** The text is well-formed, so that only an escape can stand for half a character, or hide a name. */
const flawsOfText = (text: string, value: object): Flaw[] =>
  text.includes('\\u') || text.includes('__proto__') ? flawsWithin(value, '') : [];

const flawsWithin = (holder: object, pointer: string): Flaw[] =>
  Object.entries(holder).flatMap(([name, value]: [string, unknown]) => {
    if (!name.isWellFormed()) return [{ pointer, message: NOT_UNICODE }];
    const place = pointerTo(pointer, name);
    if (name === '__proto__') return [{ pointer: place, message: 'must be left out' }];
    if (isHolder(value)) return flawsWithin(value, place);
    return typeof value === 'string' && !value.isWellFormed()
      ? [{ pointer: place, message: NOT_UNICODE }]
      : [];
  });

const NOT_UNICODE = 'must be well-formed Unicode';

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;

import canonicalize from 'canonicalize';

/**
 * The one text of a JSON value (RFC 8785): members sorted, no white space, numbers as ECMAScript
 * writes them. What is stored, hashed and compared is this form.
 *
 * Members that are `undefined` are left out, as JSON does.
 *
 * @throws {Error} the value has no such form: NaN, an infinity, a bigint, a string that is not
 *   well-formed Unicode, a cycle, or nothing at all.
 */
export const canonicalJson = (value: unknown): string => {
  const json = ordinaryJson(value) ?? canonicalize(value);
  if (json === undefined) throw new Error(`no JSON can say ${typeof value}`);
  return json;
};

/**
 * JSON.stringify writes the same once the members stand in order, and takes a third of the library's
 * time: three such texts are made for each command. Undefined where a value is not so ordinary that the
 * two are known to agree; the library then says what its form is, or why it has none.
 */
const ordinaryJson = (value: unknown): string | undefined => {
  const inOrder = ordered(value, 0);
  if (inOrder === UNUSUAL) return undefined;
  const json = JSON.stringify(inOrder) as string | undefined;
  // Half a character is written as an escape, and must be refused.
  return json?.includes('\\ud') ? undefined : json;
};

const UNUSUAL = Symbol('unusual');

/** Deeper than any message may be, and far less deep than the stack is. */
const DEPTH_MAX = 16;

/** A copy with its members in order, or {@link UNUSUAL}. */
const ordered = (value: unknown, depth: number): unknown => {
  if (typeof value !== 'object' || value === null) return isOrdinary(value) ? value : UNUSUAL;
  if (depth === DEPTH_MAX || 'toJSON' in value) return UNUSUAL;
  return Array.isArray(value) ? orderedItems(value, depth) : orderedMembers(value, depth);
};

const isOrdinary = (value: unknown): boolean =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  Number.isFinite(value) ||
  value === null ||
  value === undefined;

const orderedItems = (items: readonly unknown[], depth: number): unknown => {
  const copy = items.map((item) => ordered(item, depth + 1));
  return copy.includes(UNUSUAL) ? UNUSUAL : copy;
};

const orderedMembers = (value: object, depth: number): unknown => {
  const object = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const name of sorted(Object.keys(object))) {
    // An object keeps names that are numbers before all others, and never has this one as a member.
    if (isDigit(name.charCodeAt(0)) || name === '__proto__') return UNUSUAL;
    const member = ordered(object[name], depth + 1);
    if (member === UNUSUAL) return UNUSUAL;
    copy[name] = member;
  }
  return copy;
};

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** By UTF-16 code units. Of a few names, most of them in order, `toSorted` takes four times as long. */
const sorted = (names: string[]): string[] => {
  if (names.length > 32) return names.toSorted();
  for (let next = 1; next < names.length; next += 1) {
    const name = names[next]!;
    let at = next;
    for (; at > 0 && names[at - 1]! > name; at -= 1) names[at] = names[at - 1]!;
    names[at] = name;
  }
  return names;
};

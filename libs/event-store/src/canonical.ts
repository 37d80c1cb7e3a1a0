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
  const json = canonicalize(value);
  if (json === undefined) throw new Error(`no JSON can say ${typeof value}`);
  return json;
};

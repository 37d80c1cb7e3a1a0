// Values that are almost as they must be.
export type Members = Readonly<Record<string, unknown>>;

/** What a sender names by itself. */
const OWN_NAMES: readonly string[] = ['metadata', 'details'];

/** Every object within a value, the value itself first; what a sender names by itself is left out. */
export const objectsIn = (
  value: unknown,
  leftOut: readonly string[] = OWN_NAMES,
): readonly Members[] => {
  if (Array.isArray(value)) return value.flatMap((one) => objectsIn(one, leftOut));
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).filter(([name]) => !leftOut.includes(name));
  return [value as Members, ...inner.flatMap(([, one]) => objectsIn(one, leftOut))];
};

/** With a member that nobody knows, in each of its objects. */
export const withSurprise = (value: Members): readonly Members[] =>
  objectsIn(value).map((_, at) => {
    const copy = structuredClone(value);
    Object.assign(objectsIn(copy)[at]!, { surprise: 1 });
    return copy;
  });

/** Every way to say a thing under another name. */
export const renamed = (members: Members): readonly Members[] =>
  Object.keys(members).map((name) =>
    Object.fromEntries(
      Object.entries(members).map(([one, value]) => [one === name ? `${one}X` : one, value]),
    ),
  );

/** Without one of its members, at any depth. @param leftOut members in whose objects some are optional. */
export const withoutOne = (value: Members, leftOut: readonly string[]): readonly Members[] => {
  const all = [...OWN_NAMES, ...leftOut];
  return objectsIn(value, all).flatMap((object, at) =>
    Object.keys(object).map((name) => {
      const copy = structuredClone(value);
      Reflect.deleteProperty(objectsIn(copy, all)[at]!, name);
      return copy;
    }),
  );
};

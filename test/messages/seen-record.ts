type HeaderValue = Buffer | string;

/** A record as kafkajs hands it to a consumer or is given it by a producer, or as our adapter has it. */
export type SeenRecord = Readonly<{
  /** Also with the prefix of a suite before its name. */
  topic: string;
  key?: HeaderValue | null | undefined;
  value: HeaderValue | null;
  headers?:
    | ReadonlyMap<string, readonly HeaderValue[]>
    | Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>>
    | undefined;
}>;

export type Json = Record<string, unknown>;

/** By name, as text. Of a header that comes more than once the last counts. */
export type HeaderTexts = Readonly<Record<string, string>>;

export const headerTexts = ({ headers = {} }: SeenRecord): HeaderTexts => {
  const entries: Iterable<readonly [string, HeaderValue | readonly HeaderValue[] | undefined]> =
    headers instanceof Map ? headers.entries() : Object.entries(headers);
  const texts: Record<string, string> = {};
  for (const [name, value] of entries) {
    const last = isList(value) ? value.at(-1) : value;
    if (last !== undefined) texts[name] = last.toString();
  }
  return texts;
};

const isList = (
  value: HeaderValue | readonly HeaderValue[] | undefined,
): value is readonly HeaderValue[] => Array.isArray(value);

/** The JSON object that a record's value is, if it is one. */
export const objectIn = ({ value }: SeenRecord): Json | undefined => {
  try {
    const json: unknown = JSON.parse(value?.toString() ?? '');
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import type { HttpRequest } from './http-request.js';
import { invalidRequest } from './invalid-request.js';
import type { Parameter } from './parameter.js';
import type { RequestFlaw } from './problem.js';

/** The parameters that a query may have, by name. */
export type QueryParameters = Readonly<Record<string, Parameter>>;

type Values<Parameters extends QueryParameters> = {
  readonly [Name in keyof Parameters]?: Parameters[Name] extends Parameter<infer Value>
    ? Value
    : never;
};

/** Longer names are no parameter of ours: they are not worth repeating to their sender. */
const NAME_LENGTH_MAX = 128;

/**
 * What the query says. Read from the address itself: Fastify makes a list of what is said twice, and
 * takes what is badly encoded as it stands.
 *
 * @throws {Problem} 400: a parameter is unknown, said twice, badly encoded or no value.
 */
export const queryOf = <Parameters extends QueryParameters>(
  { url }: HttpRequest,
  parameters: Parameters,
): Values<Parameters> => {
  const known = new Map<string, Parameter>(Object.entries(parameters));
  const values = new Map<string, unknown>();
  const flaws: RequestFlaw[] = [];
  for (const [name, text] of pairsOf(url)) {
    const flaw = flawIn(name, text, known, values);
    if (flaw !== undefined) {
      flaws.push({ parameter: name?.slice(0, NAME_LENGTH_MAX) ?? '', message: flaw });
    }
  }
  if (flaws.length > 0) throw invalidRequest(flaws);
  return Object.fromEntries(values) as Values<Parameters>;
};

/** What is wrong with one parameter; where nothing is, its value is put to the others. */
const flawIn = (
  name: string | undefined,
  text: string | undefined,
  known: ReadonlyMap<string, Parameter>,
  values: Map<string, unknown>,
): string | undefined => {
  if (name === undefined || text === undefined) return 'must be encoded as UTF-8 with %';
  const parameter = known.get(name);
  if (!parameter) return 'must be left out: there is no parameter of this name here';
  if (values.has(name)) return 'must be there only once';
  const value = parameter.read(text);
  if (value === undefined) return `must be ${parameter.expected}`;
  values.set(name, value);
  return undefined;
};

function* pairsOf(url: string): Generator<readonly [string | undefined, string | undefined]> {
  const start = url.indexOf('?');
  if (start === -1) return;
  for (const pair of url.slice(start + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    yield [decoded(name), decoded(equals === -1 ? '' : pair.slice(equals + 1))];
  }
}

/** Undefined where it is no text in UTF-8. */
const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};

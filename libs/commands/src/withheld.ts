import { holdsCardNumber, isCardDataName, lettersOf } from './card-data.js';
import { isPersonalName } from './personal-data.js';
import type { JsonObject } from './safe-json.js';

/** What must not be kept of what is refused, not even as a dead letter. */
export type Withheld = 'card data' | 'personal data';

/** What JSON text, also a broken one, seems to hold: card data in any value or name, personal data by a name. */
export const withheldInText = (text: string): Withheld | undefined => {
  const said = text.includes('\\') ? text.replaceAll(ESCAPES, unescaped) : text;
  const names = Array.from(said.matchAll(MEMBER_NAMES), ([, name = '']) => name);
  if (holdsCardNumber(said) || names.some((name) => isCardDataName(lettersOf(name)))) {
    return 'card data';
  }
  const persons = names.some((name) => name !== NAME_OF_GOODS && isPersonalName(lettersOf(name)));
  return persons ? 'personal data' : undefined;
};

/** The same of a message: there it is known whether a `name` is that of goods. */
export const withheldIn = ({ cartItems, ...message }: JsonObject): Withheld | undefined => {
  const held = withheldInText(JSON.stringify([message, cartItems]));
  return held === undefined && holdsName(message) ? 'personal data' : held;
};

const holdsName = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.hasOwn(value, NAME_OF_GOODS) || Object.values(value).some(holdsName));

/** What commands call a line of an order; elsewhere it is a person's. */
const NAME_OF_GOODS = 'name';

const unescaped = (_escape: string, code: string | undefined): string =>
  code === undefined ? ' ' : String.fromCharCode(parseInt(code, 16));

/** Of JSON: a character by its code, and those for blanks. */
const ESCAPES = /\\(?:u([\dA-Fa-f]{4})|[fnrt])/g;
const MEMBER_NAMES = /"([^"\\]{1,64})"\s*:/g;

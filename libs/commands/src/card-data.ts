// Card numbers and the codes that go with them are refused wherever text is free: what is never stored
// or logged needs no vault. This finds what slipped in, not what somebody hides.

/**
 * Whether the text holds what can be the number of a payment card: 13 to 19 digits, also with spaces or
 * dashes in between, of a known brand in a length of that brand, with a right check digit (Luhn).
 *
 * UUIDs, hashes and the numbers of goods (EAN-13) have such digits by chance, and are no cards.
 */
export const holdsCardNumber = (text: string): boolean => {
  if (text.length < DIGITS_MIN || !ENOUGH_DIGITS.test(text)) return false;
  for (const [run] of text.replaceAll(IDENTIFIERS, 'x').matchAll(RUNS_OF_DIGITS)) {
    if (holdsCardInGroups(run.match(/\d+/g) ?? [])) return true;
  }
  return false;
};

/** Whether a member so named says that it holds card data: `cvv`, `pan`, `cardnumber`. Takes {@link lettersOf} a name. */
export const isCardDataName = (letters: string): boolean => CARD_DATA_NAME.test(letters);

/** A name without case and separators, so that `cardNumber` and `CARD-NUMBER` are one. */
export const lettersOf = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');

/** Whether JSON text, also a broken one, holds card data in any value, or under any name. */
export const textHoldsCardData = (text: string): boolean =>
  holdsCardNumber(text) ||
  Array.from(text.matchAll(MEMBER_NAMES)).some(([, name = '']) => isCardDataName(lettersOf(name)));

const DIGITS_MIN = 13;
const DIGITS_MAX = 19;
const ENOUGH_DIGITS = /\d(?:[\s\p{Pd}]{0,2}\d){12}/u;
const RUNS_OF_DIGITS = /\d+(?:[\s\p{Pd}]{1,2}\d+)*/gu;
const IDENTIFIERS =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24,})(?![0-9a-z])/gi;
const MEMBER_NAMES = /"([^"\\]{1,64})"\s*:/g;
const CARD_DATA_NAME =
  /^(?:customer|buyer|payer|shopper|billing|raw|full|credit|debit|bank|payment|card|cc)*(?:cvv2?|cvc2?|cvn2?|csc|cav2|pan|cardnumber|cardnum|cardno|ccnumber|ccnum|ccno|securitycode|verificationvalue|primaryaccountnumber|track[123]?data|track[123]|magstripe|pinblock|cardpin)$/;

/** Whether some of the groups, one after another, make up a card number. */
const holdsCardInGroups = (groups: readonly string[]): boolean =>
  groups.some((_, first) => {
    let digits = '';
    for (let next = first; next < groups.length && digits.length < DIGITS_MAX; next++) {
      digits += groups[next];
      if (digits.length < PREFIX) continue;
      // Most digits belong to no brand, and are done with here.
      const lengths = lengthsByPrefix[Number(digits.slice(0, PREFIX))] ?? [];
      if (lengths.length === 0) return false;
      if (lengths.includes(digits.length) && hasCheckDigit(digits)) return true;
    }
    return false;
  });

const hasCheckDigit = (digits: string): boolean =>
  checkSum(digits, 2, (double) => (double > 9 ? double - 9 : double)) % 10 === 0 &&
  !isNumberOfGoods(digits);

const isNumberOfGoods = (digits: string): boolean =>
  digits.length === 13 && checkSum(digits, 3, (triple) => triple) % 10 === 0;

/** Digits summed from the right, every second one multiplied and then folded. */
const checkSum = (digits: string, factor: number, folded: (digit: number) => number): number => {
  let sum = 0;
  for (let place = 1; place <= digits.length; place++) {
    const digit = Number(digits[digits.length - place]);
    sum += place % 2 === 0 ? folded(digit * factor) : digit;
  }
  return sum;
};

const PREFIX = 4;

/** The first four digits, from and to, and the lengths that go with them. */
const brands: readonly (readonly [from: number, to: number, lengths: readonly number[]])[] = [
  [4000, 4999, [13, 16, 19]], // Visa
  [2221, 2720, [16]], // Mastercard
  [5100, 5599, [16]],
  [3400, 3499, [15]], // American Express
  [3700, 3799, [15]],
  [3000, 3059, [14, 16, 17, 18, 19]], // Diners Club
  [3095, 3095, [14, 16, 17, 18, 19]],
  [3600, 3699, [14, 15, 16, 17, 18, 19]],
  [3800, 3999, [14, 16, 17, 18, 19]],
  [6011, 6011, [16, 17, 18, 19]], // Discover
  [6440, 6599, [16, 17, 18, 19]],
  [3528, 3589, [16, 17, 18, 19]], // JCB
  [6200, 6299, [16, 17, 18, 19]], // UnionPay
  [5018, 5038, [13, 14, 15, 16, 17, 18, 19]], // Maestro
  [5893, 5893, [13, 14, 15, 16, 17, 18, 19]],
  [6304, 6304, [13, 14, 15, 16, 17, 18, 19]],
  [6759, 6763, [13, 14, 15, 16, 17, 18, 19]],
  [2200, 2204, [16, 17, 18, 19]], // Mir
  [6000, 6099, [16]], // RuPay
  [8100, 8299, [16]],
  [5060, 5099, [16, 17, 18, 19]], // Verve, Elo, RuPay
  [9792, 9792, [16]], // Troy
];

/** The lengths of a card number, by its first four digits; none where no brand begins so. */
const lengthsByPrefix: readonly (readonly number[])[] = Array.from(
  { length: 10 ** PREFIX },
  (_, prefix) =>
    brands
      .filter(([from, to]) => prefix >= from && prefix <= to)
      .flatMap(([, , lengths]) => lengths),
);

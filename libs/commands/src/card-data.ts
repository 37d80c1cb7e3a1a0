// Card numbers and the codes that go with them are refused wherever text is free: what is never stored
// or logged needs no vault. This finds what slipped in, not what somebody hides.

/**
 * Whether the text holds what can be the number of a payment card: 13 to 19 digits, also with spaces or
 * dashes in between, of a known brand in a length of that brand, with a right check digit (Luhn).
 *
 * UUIDs, hashes and the numbers of goods (EAN-13) have such digits by chance, and are no cards.
 */
export const holdsCardNumber = (written: string): boolean => {
  const text = plain(written);
  if (text.length < DIGITS_MIN || !ENOUGH_DIGITS.test(text)) return false;
  for (const run of runsOfDigits(text.replaceAll(IDENTIFIERS, 'x'))) {
    if (holdsCardInGroups(run)) return true;
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

/** With the digits of ASCII for those of full width, and without what is not seen, as between groups of digits. */
const plain = (text: string): string =>
  BEYOND_ASCII.test(text) ? text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '') : text;

const BEYOND_ASCII = /[\u0080-\uffff]/;
const DIGITS_MIN = 13;
const ENOUGH_DIGITS = /\d(?:[\s\p{Pd}]{0,2}\d){12}/u;
const GAP_IN_NUMBER = /^[\s\p{Pd}]{1,2}$/u;
const IDENTIFIERS =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24,})(?![0-9a-z])/gi;
const CARD_DATA_NAME =
  /^(?:customer|buyer|payer|shopper|billing|raw|full|credit|debit|bank|payment|card|cc)*(?:cvv2?|cvc2?|cvn2?|csc|cav2|pan|cardnumber|cardnum|cardno|ccnumber|ccnum|ccno|securitycode|verificationvalue|primaryaccountnumber|track[123]?data|track[123]|magstripe|pinblock|cardpin)$/;

/** The groups of digits that stand so close to one another that they may be one number. */
function* runsOfDigits(text: string): Generator<readonly string[]> {
  let run: string[] = [];
  let end = 0;
  for (const { 0: group, index } of text.matchAll(/\d+/g)) {
    if (!GAP_IN_NUMBER.test(text.slice(end, index))) {
      yield run;
      run = [];
    }
    run.push(group);
    end = index + group.length;
  }
  yield run;
}

/**
 * Whether some of the groups, one after another, make up a card number. It takes time in proportion to their
 * digits: a megabyte of them apart must hold nobody else up.
 */
const holdsCardInGroups = (groups: readonly string[]): boolean => {
  const digits = groups.join('');
  const isEnd = new Uint8Array(digits.length + 1);
  let end = 0;
  for (const { length } of groups) isEnd[(end += length)] = 1;
  let start = 0;
  return groups.some(({ length: digitsOfGroup }) => {
    const from = start;
    start += digitsOfGroup;
    const lengths = lengthsByPrefix[Number(digits.slice(from, from + PREFIX))] ?? [];
    return lengths.some(
      (length) => isEnd[from + length] === 1 && hasCheckDigit(digits, from, from + length),
    );
  });
};

const hasCheckDigit = (digits: string, from: number, to: number): boolean =>
  checkSum(digits, from, to, doubled) % 10 === 0 && !isNumberOfGoods(digits, from, to);

const isNumberOfGoods = (digits: string, from: number, to: number): boolean =>
  to - from === 13 && checkSum(digits, from, to, tripled) % 10 === 0;

const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
const tripled = [0, 3, 6, 9, 12, 15, 18, 21, 24, 27];

/** Digits summed from the right, of every second one what it is weighed as. */
const checkSum = (digits: string, from: number, to: number, weighed: readonly number[]): number => {
  let sum = 0;
  for (let place = 1; place <= to - from; place++) {
    const digit = digits.charCodeAt(to - place) - ZERO;
    sum += place % 2 === 0 ? weighed[digit]! : digit;
  }
  return sum;
};

const ZERO = '0'.charCodeAt(0);

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

import { fc, test } from '@fast-check/jest';
import { holdsCardNumber, isCardDataName, lettersOf } from '#commands/card-data.js';
import { withheldInText } from '#commands/withheld.js';

// Numbers that the brands publish for tests.
const cards = [
  ['Visa', '4111111111111111'],
  ['Visa', '4012888888881881'],
  ['Visa of 13 digits', '4222222222222'],
  ['Mastercard', '5555555555554444'],
  ['Mastercard', '5105105105105100'],
  ['Mastercard of the 2 series', '2223003122003222'],
  ['American Express', '378282246310005'],
  ['American Express', '371449635398431'],
  ['Diners Club', '30569309025904'],
  ['Diners Club', '38520000023237'],
  ['Diners Club', '36227206271667'],
  ['Discover', '6011111111111117'],
  ['Discover', '6011000990139424'],
  ['Discover', '6445644564456445'],
  ['JCB', '3530111333300000'],
  ['JCB', '3566002020360505'],
  ['UnionPay', '6200000000000005'],
  ['UnionPay of 19 digits', '6205500000000000004'],
  ['Maestro', '6759649826438453'],
  ['Maestro of 12 and more', '6304000000000000'],
  ['Mir', '2200000000000053'],
  ['RuPay', '6074819900004939'],
] as const;

/** Full width: what a Chinese or Japanese keyboard writes. */
const wide = (digits: string) =>
  digits.replaceAll(/\d/g, (one) => String.fromCharCode(0xff10 + Number(one)));

const spaced = (digits: string, by: string) => digits.replaceAll(/(\d{4})(?=\d)/g, `$1${by}`);

describe.each(cards)('The number of a card of %s, %s,', (_, number) => {
  it.each([
    ['by itself', number],
    ['in a sentence', `Please charge ${number}, thank you`],
    ['between letters', `card${number}exp`],
    ['with spaces', spaced(number, ' ')],
    ['with dashes', spaced(number, '-')],
    ['with wide gaps', spaced(number, '  ')],
    ['with other dashes and spaces', spaced(number, '\u2013\u00a0')],
    ['with what is not seen between', spaced(number, '\u200b')],
    ['in digits of full width', wide(number)],
    ['after other digits', `order 17 ${spaced(number, ' ')} 12`],
    ['beside a UUID', `6f9619ff-8b86-4d01-b42d-00cf4fc964ff ${number}`],
    ['in JSON', JSON.stringify({ reference: { text: number } })],
    ['as a number in JSON', `{"metadata":{"n":${number}}}`],
  ])('is found %s', (_where, text) => expect(holdsCardNumber(text)).toBe(true));

  it('is none with another check digit', () => {
    const last = (Number(number.at(-1)) + 1) % 10;
    expect(holdsCardNumber(`${number.slice(0, -1)}${last}`)).toBe(false);
  });
});

describe('No card is found in', () => {
  it.each([
    ['nothing', ''],
    ['twelve digits', '411111111116'],
    ['an unknown brand', '9999999999999995'],
    ['a brand in another length', '41111111111111113'],
    ['a UUID of digits', '41111111-1111-4111-8111-111111111111'],
    ['a UUID that begins like a card', '41111111-1111-1111-a000-000000000000'],
    ['a hash', 'da4111111111111111beef00'],
    ['a long number', '4111111111111111411111111111111141'],
    ['the number of goods on a shelf', '4006381334013 4001690155076 4012345000047'],
    ['milliseconds since 1970', '1795251600000'],
    ['nanoseconds since 1970', '1795251600000000000'],
    ['a time', '2026-11-21T09:00:00.000Z'],
    ['an IBAN', 'DE89370400440532013000'],
    ['an IBAN with spaces', 'DE89 3704 0044 0532 0130 00'],
    ['digits apart', '4111, 1111, 1111, 1111'],
    ['digits far apart', '4111     1111     1111     1111'],
  ])('%s', (_, text) => expect(holdsCardNumber(text)).toBe(false));
});

/** What is looked for, word for word: whatever groups follow one another. */
const holdsCardInSomeGroups = (groups: readonly string[]): boolean =>
  groups.some((_, first) =>
    groups.some((_other, last) => {
      const digits = groups.slice(first, last + 1).join('');
      return digits.length <= 19 && holdsCardNumber(digits);
    }),
  );

describe('Digits in groups', () => {
  const anyGroup = fc.oneof(
    { weight: 3, arbitrary: fc.stringMatching(/^\d{1,6}$/) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('4111', '1111', '4222222222222', '5555', '4444', '40'),
    },
  );

  test.prop([fc.array(anyGroup, { minLength: 1, maxLength: 12 })], { numRuns: 1_000 })(
    'hold a card number where some that follow one another are one',
    (groups) => holdsCardNumber(groups.join(' ')) === holdsCardInSomeGroups(groups),
  );

  test.prop([fc.constantFrom(...cards), fc.infiniteStream(fc.boolean())], { numRuns: 200 })(
    'are found wherever the groups of a card number end',
    ([, number], gaps) => {
      const digits = Array.from(number, (digit) => (gaps.next().value ? ` ${digit}` : digit));
      return holdsCardNumber(`12 34${digits.join('')} 56`) || !digits[0]!.startsWith(' ');
    },
  );
});

describe('A name says that it holds card data', () => {
  it.each([
    'cvv',
    'CVV2',
    'cvc',
    'c_v_v',
    'pan',
    'PAN',
    'card_number',
    'cardNumber',
    'CARD-NUMBER',
    'card no',
    'ccNumber',
    'customerCardNumber',
    'creditCardNumber',
    'card_cvv',
    'track2',
    'security-code',
  ])('when it is %s', (name) => expect(isCardDataName(lettersOf(name))).toBe(true));
  it.each([
    'company',
    'span',
    'panel',
    'card',
    'cardBrand',
    'card_last4',
    'cvvResult',
    'discard',
    'account',
  ])('but not when it is %s', (name) => expect(isCardDataName(lettersOf(name))).toBe(false));
});

describe('A body holds card data', () => {
  it.each([
    ['in a value', '{"reason":"4111 1111 1111 1111"}'],
    ['by a name', '{"metadata":{"cvv" : 123}}'],
    ['though it is no JSON', '{"pan":4111'],
    ['in escapes', String.raw`{"reason":"\u0034111 1111 1111 1111"}`],
    ['in escapes, and is no JSON', String.raw`{"\u0034111111111111111":`],
    ['by a name in escapes', String.raw`{"\u0063v\u0076":123}`],
    ['with line breaks in between', String.raw`{"reason":"4111\n1111\t1111\r\n1111"}`],
    ['with a space in escapes', String.raw`{"reason":"4111\u00A01111\u20131111 1111"}`],
  ])('%s', (_, text) => expect(withheldInText(text)).toBe('card data'));
  it('or not', () => expect(withheldInText('{"company":"span","amount":7000}')).toBeUndefined());
});

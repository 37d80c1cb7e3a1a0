import * as iso4217 from 'dinero.js/currencies';
import { minorUnitDigits } from '#capture/currencies.js';

const codesOf = (digits: number): string[] =>
  [...minorUnitDigits].filter(([, of]) => of === digits).map(([code]) => code);

describe('The currencies', () => {
  it('are those of ISO 4217, each with the digits of its minor unit', () => {
    // dinero.js counts MGA and MRU in fifths; in amounts of minor units both have two digits.
    const expected = Object.values(iso4217).map(({ code, exponent }): [string, number] => [
      code,
      code === 'MGA' || code === 'MRU' ? 2 : exponent,
    ]);
    expect(Object.fromEntries(minorUnitDigits)).toEqual(Object.fromEntries(expected));
  });

  it.each([
    [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
  ])('have %d digits only where the model says so', (digits, codes) =>
    expect(codesOf(digits)).toEqual(codes.split(' ')),
  );

  it.each(['COP', 'HUF', 'IDR', 'MGA', 'MRU', 'EUR', 'USD', 'XCG', 'ZWG', 'SLE'])(
    'have two digits otherwise: %s',
    (code) => expect(minorUnitDigits.get(code)).toBe(2),
  );

  it.each(['XAU', 'XTS', 'XXX', 'ANG', 'HRK', 'SLL', 'ZWL', 'BTC', 'eur', '', 'constructor'])(
    'do not include what is no money, or no longer: "%s"',
    (code) => expect(minorUnitDigits.has(code)).toBe(false),
  );
});

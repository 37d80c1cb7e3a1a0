import * as fc from 'fast-check';
import { minorUnitDigits } from '#capture/currencies.js';
import { toMajorUnits } from '#dialects/amounts.js';

describe('an amount, as people write it', () => {
  it.each([
    ['COP', 100_000, '1000.00'],
    ['COP', 5, '0.05'],
    ['EUR', 12_000, '120.00'],
    ['EUR', 0, '0.00'],
    ['JPY', 1000, '1000'],
    ['JPY', 0, '0'],
    ['KWD', 1234, '1.234'],
    ['KWD', 7, '0.007'],
    ['CLF', 12_345, '1.2345'],
    ['CLF', 1, '0.0001'],
  ])('has the digits of its currency: %s %d is %s', (currency, minorUnits, majorUnits) => {
    expect(toMajorUnits(minorUnits, currency)).toBe(majorUnits);
  });

  it('keeps every digit of the greatest amount, and of a sum beyond it', () => {
    expect(toMajorUnits(Number.MAX_SAFE_INTEGER, 'EUR')).toBe('90071992547409.91');
    expect(toMajorUnits('18014398509481982', 'EUR')).toBe('180143985094819.82');
  });

  it('loses nothing: without the point it is the amount again', () => {
    const amount = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(amount, fc.constantFrom(...minorUnitDigits), (minorUnits, [code, digits]) => {
        const written = toMajorUnits(minorUnits, code);
        expect(Number(written.replace('.', ''))).toBe(minorUnits);
        expect(written.split('.')[1]?.length ?? 0).toBe(digits);
      }),
    );
  });

  it.each(['EURO', 'XAU', ''])('is not shown in %j, which is no currency', (currency) => {
    expect(() => toMajorUnits(100, currency)).toThrow(/not a currency/);
  });

  it.each([-5, 1.5, 1e21, NaN, '', '1.00'])('is not %s', (minorUnits) => {
    expect(() => toMajorUnits(minorUnits, 'EUR')).toThrow(/not an amount/);
  });
});

import { minorUnitDigits } from '#capture/currencies.js';

/**
 * 100000 COP -> "1000.00". Digits are moved, never divided: no amount ever becomes a float.
 *
 * @param minorUnits whole and not negative; as digits where a sum has passed 2^53 - 1.
 * @throws {Error} it is no such number, or the currency is not one: history that we did not write.
 */
export const toMajorUnits = (minorUnits: number | string, currency: string): string => {
  const digits = minorUnitDigits.get(currency);
  if (digits === undefined) throw new Error(`corrupt history: ${currency} is not a currency`);
  const whole = String(minorUnits);
  if (!/^\d+$/.test(whole)) throw new Error(`corrupt history: ${whole} is not an amount`);
  const padded = whole.padStart(digits + 1, '0');
  return digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
};

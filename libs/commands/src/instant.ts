import type { Instant } from '#capture/values.js';

const RFC_3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** What is in normal form already, on a day that every month has: nearly all that is ever asked for. */
const NORMAL =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/**
 * The same instant in UTC with milliseconds, finer fractions cut off; undefined where the text is no
 * time of RFC 3339, names a day that no calendar has, or lies outside of the years 0000 to 9999. A leap
 * second (`23:59:60`) is refused: nothing that counts milliseconds since 1970 has a place for it.
 */
export const instantOf = (text: string): Instant | undefined => {
  if (NORMAL.test(text)) return text;
  const [, year, month, day, time, fraction = '', zone] = RFC_3339.exec(text) ?? [];
  if (!zone || Number(day) > daysOf(Number(year), Number(month))) return undefined;
  if (zone === 'Z' && fraction.length === 3 && text[10] === 'T') return text;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const utc = Date.parse(`${year}-${month}-${day}T${time}.${milliseconds}Z`);
  const normal = new Date(utc - offsetOf(zone)).toISOString();
  // Beyond these years the text of a Date has another form, which would not sort.
  return normal.length === '2026-11-21T09:00:00.000Z'.length ? normal : undefined;
};

/** Whether the text is a day of the calendar: `2026-11-21`. */
export const isDate = (text: string): boolean => instantOf(`${text}T00:00:00Z`) !== undefined;

const daysOf = (year: number, month: number): number => {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
};

/** Milliseconds east of Greenwich. */
const offsetOf = (zone: string): number => {
  if (zone === 'Z' || zone === 'z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};

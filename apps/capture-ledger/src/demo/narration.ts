import { toMajorUnits } from '#dialects/amounts.js';

/** One thing that happened, as it is told. */
export type Told = Readonly<{
  /** The number of the step; what leads up to a step has none. */
  step?: number | undefined;
  what: string;
  about: string;
  how: string;
  result: string;
  note?: string | undefined;
  milliseconds: number;
}>;

export const lineOf = ({ step, what, about, how, result, note = '', milliseconds }: Told): string =>
  [
    String(step ?? '').padStart(3),
    what.padEnd(21),
    about.padEnd(10),
    how.padEnd(22),
    `${result.padEnd(9)}  ${note}`.padEnd(19),
    inMilliseconds(milliseconds).padStart(7),
  ].join('  ');

export const inMilliseconds = (milliseconds: number): string =>
  `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;

/** 12000 cents are "EUR 120.00". */
export const money = (minorUnits: number | string, currency: string): string =>
  `${currency} ${toMajorUnits(minorUnits, currency)}`;

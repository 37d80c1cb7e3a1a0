import { millisecondsOf } from '#http/duration.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a duration of ISO 8601', () => {
  it.each([
    ['PT15M', 15 * MINUTE],
    ['PT0S', 0],
    ['PT1H30M', 90 * MINUTE],
    ['P1D', DAY],
    ['P1DT12H', 1.5 * DAY],
    ['P2DT3H4M5S', 2 * DAY + 3 * HOUR + 4 * MINUTE + 5_000],
    ['PT90M', 90 * MINUTE],
  ])('%s is so many milliseconds', (text, milliseconds) => {
    expect(millisecondsOf(text)).toBe(milliseconds);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'T15M',
    '15M',
    'PT15',
    'PT-1M',
    'PT1.5S',
    'P1W',
    'P1Y',
    'P1M',
    'pt15m',
    ' PT15M',
    'PT15M5H',
  ])('"%s" is none that anybody waits by', (text) => {
    expect(millisecondsOf(text)).toBeUndefined();
  });
});

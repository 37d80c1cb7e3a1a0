import { Program } from './program.js';

/** How many lines came to what: `rejected authorization_unknown` -> 3. */
export type Lines = Readonly<Record<string, number>>;

/** `npm run send` on a file. */
export const send = (path: string, url: string, ...options: readonly string[]): Program =>
  new Program('send/main.js', [path, '--url', url, ...options]);

/** The tally that `npm run send` has printed, and which of the lines were answered as before. */
export const tallyOf = ({ stdout }: Program): Readonly<{ lines: Lines; repeats: Lines }> => {
  const lines: Record<string, number> = {};
  const repeats: Record<string, number> = {};
  for (const row of stdout.split('\n').slice(1)) {
    const [outcome, ...cells] = row.trim().split(/ {2,}/);
    if (cells.length === 0) break;
    const reason = /^[a-z]/.test(cells[0]!) ? ` ${cells.shift()}` : '';
    const [count, repeated = '0'] = cells;
    lines[`${outcome}${reason}`] = numberIn(count!);
    if (repeated !== '0') repeats[`${outcome}${reason}`] = numberIn(repeated);
  }
  return { lines, repeats };
};

const numberIn = (grouped: string): number => Number(grouped.replaceAll(' ', ''));

import type { Answered } from './command-sink.js';
import type { BadLine } from './outgoing-command.js';

/** What became of a line: its command's answer, or why it was not sent. */
export type Settled = Answered | Readonly<{ outcome: 'not_sent'; reason: BadLine; repeat: false }>;

export type Count = Readonly<{
  outcome: Settled['outcome'];
  reason?: string | undefined;
  lines: number;
  /** How many of them were answered with what had been decided before. */
  repeats: number;
}>;

const order: readonly Settled['outcome'][] = [
  'accepted',
  'rejected',
  'invalid',
  'failed',
  'not_sent',
];

/** How many lines came to what. */
export class Tally {
  readonly #counts = new Map<string, Count>();

  constructor(counts: readonly Count[] = []) {
    for (const count of counts) this.#counts.set(keyOf(count.outcome, count.reason), count);
  }

  add({ outcome, reason, repeat }: Settled): void {
    const key = keyOf(outcome, reason);
    const { lines, repeats } = this.#counts.get(key) ?? { lines: 0, repeats: 0 };
    const counted = { lines: lines + 1, repeats: repeats + (repeat ? 1 : 0) };
    this.#counts.set(key, { outcome, reason, ...counted });
  }

  /** By outcome, and within each the most frequent first. */
  counts(): readonly Count[] {
    return [...this.#counts.values()].toSorted(
      (one, other) =>
        order.indexOf(one.outcome) - order.indexOf(other.outcome) ||
        other.lines - one.lines ||
        (keyOf(one.outcome, one.reason) < keyOf(other.outcome, other.reason) ? -1 : 1),
    );
  }
}

const keyOf = (outcome: string, reason = ''): string => `${outcome} ${reason}`;

/** A tally for a person: a table of text. */
export const tableOf = (tally: Tally): string => {
  const rows = [
    ['outcome', 'reason', 'lines', 'repeats'],
    ...tally
      .counts()
      .map(({ outcome, reason, lines, repeats }) => [
        outcome.replace('_', ' '),
        reason ?? '',
        grouped(lines),
        repeats === 0 ? '' : grouped(repeats),
      ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  '),
    )
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
};

/** 31866 is "31 866". */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ' ');

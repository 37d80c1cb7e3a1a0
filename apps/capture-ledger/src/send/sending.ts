import type { FileLine, Place } from './file-lines.js';
import { Tally } from './tally.js';
import type { Settled } from './tally.js';

/** Bytes of the file that may be read ahead of what is settled. */
const AHEAD_BYTES_MAX = 1024 * 1024;

type Entry = { readonly line: FileLine; settled?: Settled };

/**
 * How far a file has been sent: up to the first line that is not settled yet. Lines are settled in any
 * order, and are counted in theirs, so that whoever goes on from the place counts each line once.
 */
export class Sending {
  readonly tally: Tally;
  readonly #signal: AbortSignal;
  readonly #onCounted: (line: FileLine, settled: Settled) => void;
  /** In order: the lines from the place on, each settled or not. */
  readonly #ahead: Entry[] = [];
  #place: Place;
  #read: number;
  #moved: (() => void) | undefined;

  /** @param signal aborted, nobody waits for room any more. */
  constructor(
    from: Readonly<{ place: Place; tally: Tally }>,
    signal: AbortSignal,
    onCounted: (line: FileLine, settled: Settled) => void,
  ) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#moved?.());
    this.tally = from.tally;
    this.#place = from.place;
    this.#read = from.place.offset;
    this.#onCounted = onCounted;
  }

  /** All that is before it is settled and counted. */
  get place(): Place {
    return this.#place;
  }

  /** A line was read. It is settled by calling what this gives. */
  begin(line: FileLine): (settled: Settled) => void {
    const entry: Entry = { line };
    this.#ahead.push(entry);
    this.#read = line.end;
    return (settled) => {
      entry.settled = settled;
      this.#advance();
    };
  }

  /** Resolves when more may be read. */
  async room(): Promise<void> {
    while (this.#read - this.#place.offset > AHEAD_BYTES_MAX && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#moved = resolve;
      });
    }
  }

  #advance(): void {
    let counted = 0;
    for (const { line, settled } of this.#ahead) {
      if (!settled) break;
      counted += 1;
      this.tally.add(settled);
      this.#place = { offset: line.end, lines: line.number };
      this.#onCounted(line, settled);
    }
    this.#ahead.splice(0, counted);
    if (counted > 0) this.#moved?.();
  }
}

import { StreamUnusable } from '#event-store/event-store.js';
import type { EventLog, RecordedEvent } from '#event-store/event-store.js';
import { decode } from './fold-recorded.js';
import { namesIn } from './names.js';
import type { Name } from './names.js';
import { ViewsUnavailable } from './queries.js';

const PAGE = 1_000;

/** Positions by which the views may be behind. Beyond, to look up a name would be to read the log. */
const LONGEST = 100_000;

/** The names that were given after position `from` and up to `to`, in the order of the log. */
export type Tail = Readonly<{ from: number; to: number; given: readonly Given[] }>;
type Given = Name & Readonly<{ position: number; stream: string }>;

/**
 * The names that were given after the position up to which the views have them, read from the log
 * itself: with those in the views they are all. They are few where the projector follows. While the
 * views are made they may be all of the log, as long as that is no longer than {@link LONGEST}.
 */
export class NameTail {
  readonly #store: EventLog;
  readonly #asOf: () => number;
  #tail: Tail = { from: 0, to: 0, given: [] };
  #reading: Promise<Tail> | undefined;
  #next: Promise<Tail> | undefined;

  /** `asOf` tells the position up to which the views have the names. */
  constructor(store: EventLog, asOf: () => number) {
    this.#store = store;
    this.#asOf = asOf;
  }

  /**
   * The tail with all that was appended before this was called.
   *
   * @throws {ViewsUnavailable} it is too long.
   */
  caughtUp(): Promise<Tail> {
    // One that is under way may have passed what was appended since, so it is the next that is waited
    // for. It has not begun, and serves all who ask until it does.
    this.#next ??= this.#readNext();
    return this.#next;
  }

  async #readNext(): Promise<Tail> {
    await this.#reading?.catch(() => undefined);
    this.#next = undefined;
    this.#reading = this.#read();
    return this.#reading;
  }

  async #read(): Promise<Tail> {
    const { from, to, given } = startingFrom(this.#tail, this.#asOf());
    const behind = (await this.#store.head()) - from;
    if (behind > LONGEST) throw new ViewsUnavailable(`the views are ${behind} positions behind`);
    const names = [...given];
    let end = to;
    let page: readonly RecordedEvent[];
    do {
      page = await this.#store.readAll(end, PAGE);
      for (const event of page) names.push(...givenBy(event));
      end = page.at(-1)?.position ?? end;
    } while (page.length === PAGE);
    this.#tail = { from, to: end, given: names };
    return this.#tail;
  }
}

const startingFrom = (tail: Tail, asOf: number): Tail => {
  // The views were made anew and know less than they did, or so much more that nothing is left.
  if (asOf < tail.from || asOf >= tail.to) return { from: asOf, to: asOf, given: [] };
  return { ...tail, from: asOf, given: tail.given.filter(({ position }) => position > asOf) };
};

const givenBy = (recorded: RecordedEvent): readonly Given[] => {
  const { position, stream } = recorded;
  try {
    return namesIn(decode(recorded)).map((name) => ({ ...name, position, stream }));
  } catch (error) {
    // That one stream cannot be read must not keep the others from being found.
    if (error instanceof StreamUnusable) return [];
    throw error;
  }
};

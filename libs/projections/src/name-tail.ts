import { StreamUnusable } from '#event-store/event-store.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { decode } from './fold-recorded.js';
import { namesIn, namingTypes } from './names.js';
import type { Name } from './names.js';

const PAGE = 1_000;

/** The names that were given after position `from` and up to `to`, in the order of the log. */
export type Tail = Readonly<{ from: number; to: number; given: readonly Given[] }>;
type Given = Name & Readonly<{ position: number; stream: string }>;

/**
 * The names that were given after the position up to which the views have them, read from the log
 * itself: with those in the views they are all. Only these few are held, however long the log is.
 */
export class NameTail {
  readonly #store: EventStore;
  readonly #asOf: () => number;
  #tail: Tail = { from: 0, to: 0, given: [] };
  #reading: Promise<Tail> | undefined;
  #next: Promise<Tail> | undefined;

  /** `asOf` tells the position up to which the views have the names. */
  constructor(store: EventStore, asOf: () => number) {
    this.#store = store;
    this.#asOf = asOf;
  }

  /** The tail with all that was appended before this was called. */
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
  if (!namingTypes.has(recorded.type)) return [];
  const { position, stream } = recorded;
  try {
    return namesIn(decode(recorded)).map((name) => ({ ...name, position, stream }));
  } catch (error) {
    // That one stream cannot be read must not keep the others from being found.
    if (error instanceof StreamUnusable) return [];
    throw error;
  }
};

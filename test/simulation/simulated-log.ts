import { WrongExpectedRevision } from '#event-store/event-store.js';
import type {
  Appended,
  NewEvent,
  RecordedEvent,
  StreamCursor,
  StreamPage,
} from '#event-store/event-store.js';

type Stream = Readonly<{ number: number; events: RecordedEvent[] }>;

/** Whether an event that is sent again is the one that is stored at its place. */
export type Sameness = (stored: NewEvent, sent: NewEvent) => boolean;

/** To the letter: two senders may send one command, each with times and causes of its own. */
export const sameBytes: Sameness = (stored, sent) =>
  stored.eventId === sent.eventId &&
  stored.type === sent.type &&
  stored.data === sent.data &&
  stored.metadata === sent.metadata;

/** What a simulated store has on its disk: it outlives every process. Nothing here ever waits. */
export class SimulatedLog {
  readonly #onRecorded: (event: RecordedEvent) => void;
  readonly #same: Sameness;
  readonly #all: RecordedEvent[] = [];
  readonly #streams = new Map<string, Stream>();

  /** `onRecorded` hears of every event at the moment at which it is there for good. */
  constructor(onRecorded: (event: RecordedEvent) => void, same: Sameness = sameBytes) {
    this.#onRecorded = onRecorded;
    this.#same = same;
  }

  /** @throws {WrongExpectedRevision} */
  append(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: number,
    recordedAt: number,
  ): Appended & Readonly<{ again: boolean }> {
    const recorded = this.#streams.get(stream)?.events ?? [];
    const actual = recorded.length - 1;
    if (expectedRevision !== actual) {
      const there = recorded.slice(expectedRevision + 1, expectedRevision + 1 + events.length);
      const last = there.at(-1);
      if (!last || !this.#areThere(there, events))
        throw new WrongExpectedRevision(stream, expectedRevision, actual);
      return { revision: last.revision, position: last.position, again: true };
    }
    const kept = this.#streamNamed(stream).events;
    for (const event of events) {
      const [revision, position] = [kept.length, this.head() + 1];
      const one = { ...event, stream, revision, position, recordedAt };
      kept.push(one);
      this.#all.push(one);
      this.#onRecorded(one);
    }
    return { revision: kept.length - 1, position: this.head(), again: false };
  }

  streams(): readonly string[] {
    return [...this.#streams.keys()];
  }

  /** -1 where there is no such stream. */
  revisionOf(stream: string): number {
    return (this.#streams.get(stream)?.events.length ?? 0) - 1;
  }

  ofStream(stream: string, from = 0, limit = Infinity): readonly RecordedEvent[] {
    return this.#streams.get(stream)?.events.slice(from, from + limit) ?? [];
  }

  /** The log after `position`. */
  after(position: number, limit: number): readonly RecordedEvent[] {
    return this.#all.slice(position, position + limit);
  }

  /** The log grouped by stream, in the order in which they were opened. */
  byStream(from: StreamCursor | undefined, limit: number): StreamPage {
    const events: RecordedEvent[] = [];
    for (const { number, events: own } of this.#streams.values()) {
      if (from && number < from.stream) continue;
      const first = number === from?.stream ? from.revision + 1 : 0;
      events.push(...own.slice(first, first + limit - events.length));
      if (events.length === limit) {
        const revision = events.at(-1)?.revision ?? 0;
        return { events, next: { stream: number, revision } };
      }
    }
    return { events, next: undefined };
  }

  /** Positions are 1, 2, 3 … */
  head(): number {
    return this.#all.length;
  }

  #areThere(there: readonly RecordedEvent[], events: readonly NewEvent[]): boolean {
    return events.every((event, index) => {
      const stored = there[index];
      return stored !== undefined && this.#same(stored, event);
    });
  }

  #streamNamed(name: string): Stream {
    let stream = this.#streams.get(name);
    if (!stream) {
      stream = { number: this.#streams.size + 1, events: [] };
      this.#streams.set(name, stream);
    }
    return stream;
  }
}

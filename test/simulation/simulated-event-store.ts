import { checkAppend } from '#event-store/append-limits.js';
import { AppendAmbiguous, StoreUnavailable } from '#event-store/event-store.js';
import type {
  Appended,
  EventStore,
  NewEvent,
  RecordedEvent,
  StoreIdentity,
  StreamCursor,
  StreamPage,
} from '#event-store/event-store.js';
import type { Clock } from '#runtime/clock.js';
import type { Life } from './life.js';
import { RoundTrips } from './round-trips.js';
import type { SimulatedLog } from './simulated-log.js';
import type { StoreTrouble } from './store-trouble.js';
import type { VirtualTime } from './virtual-time.js';

/** Milliseconds after which a subscription looks again. */
const POLL = 50;

/** Few events, so that there are many pages. */
const PAGE = 8;

type Parts = Readonly<{
  log: SimulatedLog;
  time: VirtualTime;
  life: Life;
  clock: Clock;
  trouble: StoreTrouble;
}>;

/** It was never restored. */
export const IDENTITY: StoreIdentity = { shard: 0, epoch: 1 };

/** The store as one process has it, by way of {@link RoundTrips}. */
export class SimulatedEventStore implements EventStore {
  readonly identity = IDENTITY;
  readonly #parts: Parts;
  readonly #trips: RoundTrips;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#trips = new RoundTrips(parts.time, parts.life, parts.trouble.wire);
  }

  /** The writer dies: what was under way, and whatever is asked from now on, is rejected. */
  break(): void {
    this.#trips.break();
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: number,
  ): Promise<Appended> {
    checkAppend(stream, events, expectedRevision);
    const { log, time, life, trouble } = this.#parts;
    const what = `append of ${events.length} to ${stream} at ${expectedRevision}`;
    return this.#trips.ask({
      what,
      effect: () => {
        trouble.refuseWrite();
        const { again, ...appended } = log.append(stream, events, expectedRevision, time.now);
        if (life.over && !again) trouble.met('append made after its process had ended');
        if (again) trouble.met('identical append found made');
        return appended;
      },
      silence: (message) => {
        trouble.met('append without an answer');
        return new AppendAmbiguous(message);
      },
    });
  }

  readStream(
    stream: string,
    { from = 0, limit = Infinity }: Readonly<{ from?: number; limit?: number }> = {},
  ): Promise<readonly RecordedEvent[]> {
    return this.#read(`read of ${stream}`, (log) => log.ofStream(stream, from, limit));
  }

  readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return this.#read(`read of the log after ${after}`, (log) => log.after(after, limit));
  }

  readByStream(from: StreamCursor | undefined, limit: number): Promise<StreamPage> {
    return this.#read('read by stream', (log) => log.byStream(from, limit));
  }

  head(): Promise<number> {
    return this.#read('read of the head', (log) => log.head());
  }

  /** There is no earlier epoch. */
  async agreesUpTo(): Promise<undefined> {
    return undefined;
  }

  async *subscribe(after: number, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    let position = after;
    while (!signal.aborted) {
      const page = await this.readAll(position, PAGE);
      const last = page.at(-1);
      if (signal.aborted) return;
      if (last) {
        position = last.position;
        yield page;
      } else await this.#parts.clock.wait(POLL, signal);
    }
  }

  close(): Promise<void> {
    return this.#trips.close();
  }

  #read<Result>(what: string, read: (log: SimulatedLog) => Result): Promise<Result> {
    const { log, trouble } = this.#parts;
    return this.#trips.ask({
      what,
      effect: () => {
        trouble.refuseRead();
        return read(log);
      },
      silence: (message) => new StoreUnavailable('unreachable', message),
    });
  }
}

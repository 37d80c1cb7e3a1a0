import { openSqliteLog } from '#event-store/sqlite-log.js';
import type { SqliteLog } from '#event-store/sqlite-log.js';
import { Projector } from '#projections/projector.js';
import type { ProjectorObserver } from '#projections/projector-observer.js';
import { ViewsReader } from '#projections/views-reader.js';
import { asError } from '#runtime/as-error.js';
import { isOverWithin } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import { exitCodeOf } from './exit-code.js';
import { Publication } from './publication.js';
import type { PublicationObserver } from './publication.js';
import type { FromViewThread, Observed, ViewThreadOrders } from './view-thread-protocol.js';

/** Milliseconds in which what was appended last is still published when the process stops: Kafka may have had 3 s. */
const DRAIN_MS = 2_000;

/** Milliseconds in which all must end then: a broker that is away is not waited for. Transactions stay open safely. */
const END_MS = 3_000;

type Say = (word: FromViewThread) => void;

/** The projector and the publisher of a store, told through words what those outside want to hear. */
export class ViewWork {
  readonly #say: Say;
  readonly #clock: Clock;
  readonly #store: SqliteLog;
  readonly #views: ViewsReader;
  readonly #projector: Projector;
  readonly #publication: Publication | undefined;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>[] = [];

  /** @throws as {@link openSqliteLog}. */
  constructor({ folder, kafka }: Omit<ViewThreadOrders, 'bell'>, clock: Clock, say: Say) {
    this.#say = say;
    this.#clock = clock;
    const store = openSqliteLog({ folder, clock });
    const views = new ViewsReader(folder);
    const observer = this.#projectorObserver();
    this.#store = store;
    this.#views = views;
    this.#projector = new Projector({ store, folder, clock, observer });
    this.#publication =
      kafka &&
      new Publication({
        store,
        views,
        kafka,
        clock,
        observer: this.#publisherObserver(),
        driver: (...words) => say({ said: 'logged', with: words }),
      });
  }

  project(): void {
    this.#run(this.#projector.run(this.#stopping.signal));
  }

  publish(): void {
    if (this.#publication) this.#run(this.#publication.run(this.#stopping.signal));
  }

  /** There are new events. */
  wake(): void {
    this.#store.wake();
  }

  /** Resolves when all has ended, or has had its time. */
  async stop(): Promise<void> {
    await this.#publication?.drain(DRAIN_MS);
    this.#stopping.abort();
    await isOverWithin(this.#clock, END_MS, Promise.all(this.#running));
    this.#views.close();
    await this.#store.close();
  }

  /** What it throws is for the process to end with. */
  #run(work: Promise<void>): void {
    this.#running.push(work.catch((error: unknown) => this.#say(failed(error))));
  }

  #tell(by: Observed, call: string) {
    return (...args: readonly unknown[]): void =>
      this.#say({ said: 'observed', by, call, with: args });
  }

  #projectorObserver(): ProjectorObserver {
    const projected = this.#tell('projector', 'projected');
    return {
      waiting: this.#tell('projector', 'waiting'),
      rebuilding: this.#tell('projector', 'rebuilding'),
      following: this.#tell('projector', 'following'),
      projected: (batch) => {
        this.#publication?.wake();
        projected(batch);
      },
      unusable: this.#tell('projector', 'unusable'),
      trouble: this.#tell('projector', 'trouble'),
    };
  }

  #publisherObserver(): PublicationObserver {
    return {
      waiting: this.#tell('publisher', 'waiting'),
      away: this.#tell('publisher', 'away'),
      publishing: this.#tell('publisher', 'publishing'),
      published: this.#tell('publisher', 'published'),
      republishing: this.#tell('publisher', 'republishing'),
      fenced: this.#tell('publisher', 'fenced'),
      trouble: this.#tell('publisher', 'trouble'),
      halted: this.#tell('publisher', 'halted'),
    };
  }
}

/** Errors lose their classes on their way out of a thread: so the exit code goes with them. */
export const failed = (error: unknown): FromViewThread => ({
  said: 'failed',
  error: asError(error),
  exitCode: exitCodeOf(error),
});

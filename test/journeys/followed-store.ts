import type { Authorization, Capture, Refund } from '#capture/authorization.js';
import { evolve, initialState } from '#capture/evolve.js';
import { keyOf } from '#capture/stream-name.js';
import { openSqliteLog } from '#event-store/sqlite-log.js';
import type { SqliteLog } from '#event-store/sqlite-log.js';
import { decode } from '#projections/fold-recorded.js';
import { systemClock } from '#runtime/system-clock.js';

/** The state of every authorization of a store, as far as it is read, whoever writes it meanwhile. */
export class FollowedStore {
  readonly #log: SqliteLog;
  readonly #states = new Map<string, Authorization>();
  position = 0;

  constructor(folder: string) {
    this.#log = openSqliteLog({ folder, clock: systemClock });
  }

  /** Reads what has come since. */
  async read(): Promise<this> {
    const events = await this.#log.readAll(this.position, Infinity);
    for (const event of events) {
      const state = this.#states.get(event.stream) ?? initialState;
      this.#states.set(event.stream, evolve(state, decode(event)));
      this.position = event.position;
    }
    return this;
  }

  /** Those that are registered, with their ids. */
  get authorizations(): readonly (readonly [authorizationId: string, state: Authorization])[] {
    return [...this.#states]
      .filter(([, { registered }]) => registered)
      .map(([stream, state]) => [keyOf(stream)!.authorizationId, state]);
  }

  get captures(): readonly (readonly [authorizationId: string, capture: Capture])[] {
    return this.authorizations.flatMap(([id, { captures }]) =>
      captures.map((capture): [string, Capture] => [id, capture]),
    );
  }

  get refunds(): readonly (readonly [authorizationId: string, capture: Capture, refund: Refund])[] {
    return this.captures.flatMap(([id, capture]) =>
      capture.refunds.map((refund): [string, Capture, Refund] => [id, capture, refund]),
    );
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}

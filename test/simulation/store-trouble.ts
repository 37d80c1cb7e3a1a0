import { StoreUnavailable } from '#event-store/event-store.js';
import type { Wire } from './wire.js';

/** Busy or full: no writes. Unreachable: no reads either. */
export type Outage = 'busy' | 'full' | 'unreachable';

/** All that stands between the processes and the log. */
export class StoreTrouble {
  readonly wire: Wire;
  /** Told of what happened that a simulation is for, so that it can be seen to have happened. */
  readonly met: (what: string) => void;
  #outage: Outage | undefined;

  constructor(wire: Wire, met: (what: string) => void) {
    this.wire = wire;
    this.met = met;
  }

  begin(outage: Outage): void {
    this.#outage = outage;
  }

  end(): void {
    this.#outage = undefined;
  }

  /** @throws {StoreUnavailable} */
  refuseWrite(): void {
    if (!this.#outage) return;
    this.met(`write refused: ${this.#outage}`);
    throw new StoreUnavailable(this.#outage, 'nothing written');
  }

  /** @throws {StoreUnavailable} */
  refuseRead(): void {
    if (this.#outage === 'unreachable') throw new StoreUnavailable('unreachable', 'nothing read');
  }
}

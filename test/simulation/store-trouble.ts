import { StoreUnavailable } from '#event-store/event-store.js';
import type { Random } from './random.js';
import type { Wire } from './wire.js';

/** Busy or full: no writes. Unreachable: no reads either. */
export type Outage = 'busy' | 'full' | 'unreachable';

/** All that stands between the processes and the log. */
export class StoreTrouble {
  readonly wire: Wire;
  /** Told of what happened that a simulation is for, so that it can be seen to have happened. */
  readonly met: (what: string) => void;
  readonly #random: Random;
  #outage: Outage | undefined;
  #share = 1;

  constructor(wire: Wire, random: Random, met: (what: string) => void) {
    this.wire = wire;
    this.#random = random;
    this.met = met;
  }

  /** `share` of what is asked for is refused: 0 to 1. */
  begin(outage: Outage, share: number): void {
    this.#outage = outage;
    this.#share = share;
  }

  end(): void {
    this.#outage = undefined;
  }

  /** @throws {StoreUnavailable} */
  refuseWrite(): void {
    if (!this.#outage || !this.#random.chance(this.#share)) return;
    this.met(`write refused: ${this.#outage}`);
    throw new StoreUnavailable(this.#outage, 'nothing written');
  }

  /** @throws {StoreUnavailable} */
  refuseRead(): void {
    if (this.#outage === 'unreachable' && this.#random.chance(this.#share))
      throw new StoreUnavailable('unreachable', 'nothing read');
  }
}

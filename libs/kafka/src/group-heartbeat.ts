import type { Clock } from '#runtime/clock.js';
import { GroupAbandoned } from './command-source.js';
import type { InboundGroup } from './command-source.js';

/** Well below the least session timeout that brokers take by default, 6 s. */
const EVERY_MS = 1_000;

/**
 * Keeps the broker told that a group is being worked on, however long the store or the broker takes,
 * and knows when the group is no longer ours.
 */
export class GroupHeartbeat {
  readonly #group: Pick<InboundGroup, 'heartbeat' | 'isRunning'>;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();
  #lost: Readonly<{ error: unknown }> | undefined;

  constructor(group: Pick<InboundGroup, 'heartbeat' | 'isRunning'>, clock: Clock) {
    this.#group = group;
    this.#clock = clock;
    void this.#beat();
  }

  /** @throws what the driver threw when it was told that the group is not ours any more. */
  mustBeOurs(): void {
    if (this.#lost) throw this.#lost.error;
  }

  /**
   * Waits for a store or a broker that is away; not at all once the group is lost, or its source stops.
   *
   * @throws as {@link mustBeOurs}, or {@link GroupAbandoned}.
   */
  async wait(milliseconds: number): Promise<void> {
    this.#mayGoOn();
    await this.#clock.wait(milliseconds, this.#stopped.signal);
    this.#mayGoOn();
  }

  #mayGoOn(): void {
    this.mustBeOurs();
    if (!this.#group.isRunning())
      throw new GroupAbandoned('the source is stopping, or the group is lost');
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stopped;
    for (;;) {
      await this.#clock.wait(EVERY_MS, signal);
      if (signal.aborted) return;
      try {
        await this.#group.heartbeat();
      } catch (error) {
        this.#lost = { error };
        this.#stopped.abort();
        return;
      }
    }
  }
}

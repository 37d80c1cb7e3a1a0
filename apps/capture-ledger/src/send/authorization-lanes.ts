type Work = () => Promise<void>;

type Lane = { readonly key: string; readonly works: Work[] };

/**
 * Work in order per authorization, different authorizations concurrently: what is added under a key
 * begins when all that was added before it under the same key has ended.
 */
export class AuthorizationLanes {
  readonly #concurrency: number;
  readonly #signal: AbortSignal;
  /** Those that have work waiting or under way. */
  readonly #lanes = new Map<string, Lane>();
  readonly #waiting: Lane[] = [];
  #underWay = 0;
  #drained: (() => void) | undefined;

  /** @param signal aborted, nothing begins any more. */
  constructor(concurrency: number, signal: AbortSignal) {
    this.#concurrency = concurrency;
    this.#signal = signal;
  }

  /** @param work it does not reject. */
  add(key: string, work: Work): void {
    const known = this.#lanes.get(key);
    if (known) {
      known.works.push(work);
      return;
    }
    const lane = { key, works: [work] };
    this.#lanes.set(key, lane);
    this.#waiting.push(lane);
    this.#begin();
  }

  /** Resolves when nothing is under way and nothing will begin. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = resolve;
      this.#begin();
    });
  }

  #begin(): void {
    while (this.#underWay < this.#concurrency && !this.#signal.aborted) {
      const lane = this.#waiting.shift();
      if (!lane) break;
      this.#underWay += 1;
      void this.#run(lane);
    }
    if (this.#underWay === 0) this.#drained?.();
  }

  /** All of it at a stretch: its lines are older than those of the lanes that wait. */
  async #run({ key, works }: Lane): Promise<void> {
    for (let work = works.shift(); work; work = works.shift()) {
      if (this.#signal.aborted) break;
      await work();
    }
    this.#lanes.delete(key);
    this.#underWay -= 1;
    this.#begin();
  }
}

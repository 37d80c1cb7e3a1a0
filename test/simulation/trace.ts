import { createHash } from 'node:crypto';

/** Lines that a failing seed shows. */
const TAIL = 80;

/** Everything that happened, in order: the hash of all of it, and the last lines to read. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #tail: string[] = [];

  /** `at`: milliseconds since the simulation began. */
  add(at: number, what: string): void {
    const line = `${at.toFixed(3).padStart(10)} ${what}\n`;
    this.#hash.update(line);
    this.#tail.push(line);
    if (this.#tail.length > 2 * TAIL) this.#tail.splice(0, TAIL);
  }

  hash(): string {
    return this.#hash.copy().digest('hex');
  }

  tail(): string {
    return this.#tail.slice(-TAIL).join('');
  }
}

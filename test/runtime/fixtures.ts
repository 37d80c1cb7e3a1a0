import type { Clock } from '#runtime/clock.js';
import { createLog } from '#runtime/log.js';
import type { LogLevel } from '#runtime/configuration.js';

/** Time that passes only when it is told to. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #waiting = new Set<{ until: number; wake: () => void }>();

  now(): number {
    return this.#now;
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = { until: this.#now + milliseconds, wake: resolve };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', () => {
        this.#waiting.delete(waiter);
        resolve();
      });
    });
  }

  random(): number {
    return 0;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const waiter of this.#waiting)
      if (waiter.until <= this.#now) {
        this.#waiting.delete(waiter);
        waiter.wake();
      }
  }

  get waiting(): number {
    return this.#waiting.size;
  }
}

export type LoggedLine = Readonly<Record<string, unknown>>;

/** A log that is kept, and its lines as a collector would read them. */
export const keptLog = (level: LogLevel = 'trace') => {
  const lines: LoggedLine[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as LoggedLine);
  return { log: createLog(level, { write }), lines };
};

/** Lets everything happen that waits for nothing but its turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

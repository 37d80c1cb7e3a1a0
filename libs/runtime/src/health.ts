import { types } from 'node:util';
import type { Clock } from './clock.js';

/** `degraded`: it does its work, but somebody should look. */
export type HealthStatus = 'up' | 'degraded' | 'down';

export type PartHealth = Readonly<{ status: HealthStatus; detail?: string }>;

/** What `/health/ready` says: 503 where `status` is `down`, else 200. */
export type Readiness = Readonly<{
  status: HealthStatus;
  parts: Readonly<Record<string, PartHealth>>;
}>;

/** A process goes through these in this order, may leave some out, and never goes back. */
const phases = ['starting', 'running', 'stopping', 'broken'] as const;

export type Phase = (typeof phases)[number];

/** A part may be asked what it knows, or find out now; it has two seconds for that. */
export type HealthCheck = () => PartHealth | Promise<PartHealth>;

const ANSWER_WITHIN_MS = 2_000;

/**
 * How the process is, part by part. Each part registers a check under its name; the process itself is
 * the part `process`.
 */
export class Health {
  readonly #clock: Clock;
  readonly #parts = new Map<string, Readonly<{ required: boolean; check: HealthCheck }>>();
  #phase: Phase = 'starting';

  constructor(clock: Clock) {
    this.#clock = clock;
    this.require('process', () =>
      this.#phase === 'running' ? { status: 'up' } : { status: 'down', detail: this.#phase },
    );
  }

  /** A part without which the process is not ready. Its name is new. */
  require(name: string, check: HealthCheck): void {
    this.#register(name, { required: true, check });
  }

  /** A part without which the process is degraded, and still ready. Its name is new. */
  watch(name: string, check: HealthCheck): void {
    this.#register(name, { required: false, check });
  }

  get phase(): Phase {
    return this.#phase;
  }

  enter(phase: Phase): void {
    if (phases.indexOf(phase) > phases.indexOf(this.#phase)) this.#phase = phase;
  }

  /** Whether this process is worth keeping: down only once it is broken, whatever its parts say. */
  live(): PartHealth {
    return this.#phase === 'broken' ? { status: 'down', detail: 'broken' } : { status: 'up' };
  }

  /** Whether work may be sent here. A check that throws, or says nothing in time, is `down`. */
  async ready(): Promise<Readiness> {
    const checked = await Promise.all(
      Array.from(this.#parts, async ([name, { required, check }]) => ({
        name,
        required,
        health: await this.#ask(check),
      })),
    );
    const down = checked.some(({ required, health }) => required && health.status === 'down');
    const up = checked.every(({ health }) => health.status === 'up');
    return {
      status: down ? 'down' : up ? 'up' : 'degraded',
      parts: Object.fromEntries(checked.map(({ name, health }) => [name, health])),
    };
  }

  /** One part alone, also one that others can do without; undefined where there is none of that name. */
  async readyPart(name: string): Promise<PartHealth | undefined> {
    const part = this.#parts.get(name);
    return part && this.#ask(part.check);
  }

  #register(name: string, part: Readonly<{ required: boolean; check: HealthCheck }>): void {
    if (this.#parts.has(name)) throw new Error(`the part ${name} is registered already`);
    this.#parts.set(name, part);
  }

  async #ask(check: HealthCheck): Promise<PartHealth> {
    const asked = new AbortController();
    const late = async (): Promise<PartHealth> => {
      await this.#clock.wait(ANSWER_WITHIN_MS, asked.signal);
      return { status: 'down', detail: `no answer within ${ANSWER_WITHIN_MS} ms` };
    };
    try {
      return await Promise.race([(async () => check())(), late()]);
    } catch (error) {
      return { status: 'down', detail: types.isNativeError(error) ? error.message : String(error) };
    } finally {
      asked.abort();
    }
  }
}

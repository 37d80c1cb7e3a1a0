import { backOff, isOverWithin } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import { ConsumerLife } from './consumer-life.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';

/** Milliseconds after which one that is silent has lost it: the least that brokers take as they come. */
const SESSION_TIMEOUT = 6_000;

/** Milliseconds that a task has for ending what is under way; the next one fences what is left of it. */
const HANDOVER = 2_500;

/** Milliseconds between two tries, at first and at most. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

export type LeaseParts = Readonly<{
  connection: KafkaConnection;
  clock: Clock;
  log: KafkaLog;
  /** It has a partition for each shard, and no records. */
  topic: string;
  groupId: string;
  /** Whoever has the partition of its number has the lease. */
  shard: number;
}>;

/** What is done by whoever has the lease. */
type Task = (signal: AbortSignal) => Promise<void>;

/** What becomes of the lease, but for its being won: that the task tells. */
export type LeaseObserver = Readonly<{
  /** It is in the group, and another process has the lease. */
  waiting(): void;
  /** The broker cannot be reached, or has not said a word for longer than it would keep a member. */
  away(error: Error): void;
}>;

/**
 * One of any number of processes has it, so that only one tries to publish a shard. It says who tries and
 * no more: a partition of a group is no lock, and one that has slept may still believe it has it. Who may
 * publish is the broker's to say, by the name of the producer.
 */
export class Lease {
  readonly #parts: LeaseParts;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  /**
   * Calls `task` while it has the lease; its signal is aborted when that is lost, and it is called again
   * when it is won again. Resolves when `signal` is aborted, or `task` has returned although it had the
   * lease. Either way what the task had under way is over, or has had its time, before another gets it.
   *
   * @throws what `task` throws.
   */
  async run(signal: AbortSignal, task: Task, observer: LeaseObserver): Promise<void> {
    const { clock } = this.#parts;
    const holder = new Holder(task);
    const leaving = new AbortController();
    const leave = async (): Promise<void> => {
      holder.close();
      await isOverWithin(
        clock,
        HANDOVER,
        holder.ended().catch(() => undefined),
      );
      leaving.abort();
    };
    const over = AbortSignal.any([signal, holder.over]);
    over.addEventListener('abort', () => void leave());
    if (over.aborted) return;
    for (let failures = 1; !over.aborted; failures += 1) {
      const joined = (): void => void (failures = 0);
      const error = await this.#life(holder, joined, observer).live(leaving.signal);
      holder.lose();
      if (!error) break;
      observer.away(error);
      await clock.wait(backOffOf(clock, failures), over);
    }
    await isOverWithin(clock, HANDOVER, holder.ended());
  }

  #life(holder: Holder, joined: () => void, observer: LeaseObserver): ConsumerLife {
    const { connection, clock, log, topic, groupId, shard } = this.#parts;
    let has = false;
    return new ConsumerLife({
      clock,
      topic,
      groupId,
      sessionTimeoutMs: SESSION_TIMEOUT,
      partitions: 1,
      client: kafkajsClient(connection, 'consumer', log),
      joined: (partitions) => {
        joined();
        has = partitions.includes(shard);
        if (has) holder.win();
        else holder.lose();
        if (!has) observer.waiting();
      },
      // It stays whoever's it was until all have joined again.
      rebalancing: () => undefined,
      alive: () => {
        if (has) holder.win();
      },
      silent: () => {
        holder.lose();
        observer.away(new Error(`no word from the broker for ${SESSION_TIMEOUT} ms`));
      },
      work: async () => undefined,
      handed: () => undefined,
      commitRefused: () => undefined,
      fault: () => undefined,
    });
  }
}

/** Runs the task, at most once at a time. */
class Holder {
  readonly #task: Task;
  readonly #over = new AbortController();
  #held: AbortController | undefined;
  #closed = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(task: Task) {
    this.#task = task;
  }

  /** Aborted when the task has returned of itself, or failed. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  win(): void {
    if (this.#held || this.#closed) return;
    const { signal } = (this.#held = new AbortController());
    this.#ended = this.#workAfter(this.#ended, signal);
    // Whoever waits for its end is told why it failed.
    this.#ended.catch(() => this.#over.abort());
  }

  lose(): void {
    this.#held?.abort();
    this.#held = undefined;
  }

  /** It is not won any more: heartbeats go on while it is being left. */
  close(): void {
    this.#closed = true;
    this.lose();
  }

  ended(): Promise<void> {
    return this.#ended;
  }

  async #workAfter(before: Promise<void>, signal: AbortSignal): Promise<void> {
    await before;
    if (signal.aborted) return;
    await this.#task(signal);
    if (!signal.aborted) this.#over.abort();
  }
}

const backOffOf = (clock: Clock, failures: number): number =>
  backOff(clock, Math.max(failures, 1), FIRST_WAIT, LONGEST_WAIT);

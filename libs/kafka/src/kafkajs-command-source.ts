import { backOff } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import type { CommandSource, PartitionLag } from './command-source.js';
import { ConsumerLife } from './consumer-life.js';
import type { Chunk } from './group-chunks.js';
import { GroupClaim } from './group-claim.js';
import { GroupOfAnotherStore } from './group-of-another-store.js';
import { groupStanding } from './group-standing.js';
import type { Work } from './grouped-batches.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import type { Consuming, KafkaObserver } from './kafka-observer.js';
import { kafkajsClient } from './kafkajs-client.js';
import { isUnreachable, reasonOf } from './kafkajs-errors.js';
import { PartitionProgress } from './partition-progress.js';
import type { StoreMark } from './store-mark.js';
import { unlessAborted } from './unless-aborted.js';
import { GroupInUse } from './unused-group.js';

/** Milliseconds after which the broker gives a silent member's partitions to others. */
const SESSION_TIMEOUT = 30_000;

/** Failures in a row after which a broker that can be reached is taken to refuse us. */
const FAILURES_TOLD = 3;

/** Milliseconds between two words on how far a group is that reads all again. */
const PROGRESS_EVERY = 1_000;

/** Milliseconds between two tries, at first and at most. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;

type Observer = Pick<KafkaObserver, 'consuming' | 'restarted' | 'commitRefused' | 'fatal'>;

export type KafkajsCommandSourceParts = Readonly<{
  connection: KafkaConnection;
  topic: string;
  groupId: string;
  clock: Clock;
  observer: Observer;
  log: KafkaLog;
  /** On which the records are decided, so that no other takes records of the group; none where nothing is. */
  store?: StoreMark;
  /** Milliseconds; by default 30 s. Brokers take no less than 6 s unless they are told to. */
  sessionTimeoutMs?: number;
}>;

/**
 * Consumes a topic as a member of a group, for as long as the process lives: kafkajs' consumers die of
 * many things for ever, and are replaced here, whatever they died of.
 */
export class KafkajsCommandSource implements CommandSource {
  readonly #parts: KafkajsCommandSourceParts;
  readonly #progress: PartitionProgress;
  readonly #claim: GroupClaim | undefined;
  readonly #stopping = new AbortController();
  #supervision: Promise<void> = Promise.resolve();
  #state: Consuming = 'stopped';
  #detail: string | undefined;
  #saidAt = 0;
  #failures = 0;

  constructor(parts: KafkajsCommandSourceParts) {
    this.#parts = parts;
    this.#progress = new PartitionProgress(parts.topic);
    const { store } = parts;
    this.#claim = store && new GroupClaim({ ...parts, store });
  }

  start(work: Work): Promise<void> {
    this.#say('starting');
    this.#supervision = this.#supervise(work);
    return Promise.resolve();
  }

  lag(): readonly PartitionLag[] {
    return this.#state === 'away' || this.#state === 'halted' ? [] : this.#progress.lag();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#supervision;
  }

  async #supervise(work: Work): Promise<void> {
    const { clock, observer } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const looked = this.#partitions().catch((error: unknown) => this.#failed(error));
      const partitions = await unlessAborted(looked, signal);
      if (partitions !== undefined && !signal.aborted) {
        const error = await this.#consume(work, partitions);
        if (error) {
          this.#failed(error);
          if (!isHalt(error)) observer.restarted(error);
        }
      }
      if (signal.aborted) break;
      await clock.wait(backOff(clock, this.#failures, FIRST_WAIT, LONGEST_WAIT), signal);
    }
    this.#say('stopped');
  }

  /** How many the topic has. To look where the group stands tells, too, whether the broker can be reached. */
  async #partitions(): Promise<number> {
    const { connection, log } = this.#parts;
    const standing = await (this.#claim?.enter() ?? groupStanding(connection, log, this.#parts));
    this.#progress.standsAt(standing);
    return standing.length;
  }

  /** @returns why the consumer died; undefined where it was to stop. */
  #consume(work: Work, partitions: number): Promise<Error | undefined> {
    const { connection, clock, observer, log, groupId, topic } = this.#parts;
    this.#hope('joining');
    const life = new ConsumerLife({
      clock,
      groupId,
      topic,
      partitions,
      work,
      claim: this.#claim,
      // Of its own: consumers of one client share what they know of offsets.
      client: kafkajsClient(connection, 'consumer', log),
      sessionTimeoutMs: this.#parts.sessionTimeoutMs ?? SESSION_TIMEOUT,
      joined: (its) => this.#joined(its),
      rebalancing: () => this.#hope('joining'),
      alive: () => this.#alive(),
      silent: () => this.#silent(),
      handed: (chunk) => this.#handed(chunk),
      commitRefused: (error) => observer.commitRefused(error),
      fault: (error) => {
        this.#stopping.abort();
        observer.fatal(error);
      },
    });
    return life.live(this.#stopping.signal);
  }

  #handed({ ends }: Chunk): void {
    for (const { payload, lastOffset } of ends) {
      const { partition, highWatermark } = payload.batch;
      this.#progress.handed(partition, BigInt(lastOffset), BigInt(highWatermark));
    }
  }

  #joined(partitions: readonly number[]): void {
    this.#progress.has(partitions);
    this.#hope('consuming');
  }

  /** Offsets were committed, or a heartbeat answered: whatever was wrong is mended. */
  #alive(): void {
    this.#failures = 0;
    if (this.#state === 'joining') return;
    const older = this.#progress.older();
    const isProgress = this.#state === 'consuming' && older !== undefined;
    if (isProgress && this.#parts.clock.now() - this.#saidAt < PROGRESS_EVERY) return;
    this.#say('consuming', older);
  }

  #silent(): void {
    if (this.#state === 'consuming') this.#say('away', 'the broker does not answer');
  }

  #failed(error: unknown): undefined {
    this.#failures += 1;
    if (this.#stopping.signal.aborted) return;
    const away = isUnreachable(error) || this.#failures >= FAILURES_TOLD;
    if (isHalt(error)) this.#say('halted', error.message);
    else if (away) this.#say('away', reasonOf(error, this.#parts.connection));
    else this.#hope('joining');
  }

  /** Said of what was only tried: after failures it takes more than that to be believed. */
  #hope(state: 'joining' | 'consuming'): void {
    if (this.#failures < FAILURES_TOLD) this.#say(state, this.#progress.older());
  }

  #say(state: Consuming, detail?: string): void {
    if (this.#state === state && this.#detail === detail) return;
    this.#state = state;
    this.#detail = detail;
    this.#saidAt = this.#parts.clock.now();
    this.#parts.observer.consuming(state, detail);
  }
}

/** Whether an operator must do something before commands may be taken. */
const isHalt = (error: unknown): error is Error =>
  error instanceof GroupOfAnotherStore || error instanceof GroupInUse;

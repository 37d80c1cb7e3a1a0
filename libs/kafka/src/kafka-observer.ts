import type { CopyFailure } from './copy-sink.js';
import type { InboundRecord } from './records.js';

/**
 * What the consumer is doing; `away`: the broker cannot be reached, or refuses us; `halted`: an operator must say
 * which store is to take the commands.
 */
export type Consuming = 'starting' | 'away' | 'halted' | 'joining' | 'consuming' | 'stopped';

/** Why a record was put among the dead letters. */
export type DeadLettered = Readonly<{
  reason: string;
  at: Pick<InboundRecord, 'topic' | 'partition' | 'offset'>;
}>;

/** What an operator wants to hear of. All of it is told after the fact, and must not throw. */
export type KafkaObserver = Readonly<{
  /** @param detail for a person: why it is away or halted, how many records a fresh group has before it. */
  consuming(state: Consuming, detail?: string): void;
  /** A dead consumer is replaced by a new one. */
  restarted(error: Error): void;
  /** The broker refused offsets, since the partitions were being given to others. */
  commitRefused(error: Error): void;
  /**
   * A group is being worked on, until it is told that none is.
   *
   * @param oldest the timestamp of its oldest record, milliseconds since 1970; undefined: no group.
   */
  holding(oldest: number | undefined): void;
  /** A group is worked off. */
  worked(group: Readonly<{ records: number; milliseconds: number }>): void;
  /** Partitions that a send said nothing of; they are sent again. */
  resent(partitions: number): void;
  /** Records for these topics could not be published; they are published again by a new producer. */
  publishFailed(error: Error, topics: readonly string[]): void;
  published(milliseconds: number): void;
  /**
   * A copy for a caller's own topic was not written.
   *
   * @param topic as its caller named it, or words where that is nothing to repeat.
   * @param why for a person.
   */
  copyFailed(topic: string, why: string, failure: CopyFailure): void;
  deadLettered(letter: DeadLettered): void;
  /** The process must end: a fault in this program. */
  fatal(error: Error): void;
}>;

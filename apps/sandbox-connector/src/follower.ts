import type { CommandSource, InboundGroup } from '#kafka/command-source.js';
import { GroupHeartbeat } from '#kafka/group-heartbeat.js';
import type { KafkaObserver } from '#kafka/kafka-observer.js';
import { publishWhileOurs } from '#kafka/publish-while-ours.js';
import type { RecordSink } from '#kafka/record-sink.js';
import type { InboundRecord } from '#kafka/records.js';
import type { Clock } from '#runtime/clock.js';
import { factRecord } from './fact-record.js';
import { heardIn } from './heard-event.js';
import type { HeardEvent } from './heard-event.js';
import type { Outcome } from './outcomes.js';

/** Milliseconds of a wait in one piece: whoever wants to stop does not wait for longer. */
const PIECE = 250;

export type FollowerObserver = Pick<KafkaObserver, 'published' | 'publishFailed'> &
  Readonly<{
    /** A record that cannot be understood is passed over. */
    passedOver(at: Pick<InboundRecord, 'topic' | 'partition' | 'offset'>, why: string): void;
  }>;

export type FollowerParts = Readonly<{
  source: CommandSource;
  sink: RecordSink;
  /** What is to be said to an event. */
  outcomesOf: (heard: HeardEvent) => readonly Outcome[];
  /** Where it is said. */
  commandsTopic: string;
  /** Milliseconds between an event and what is said to it. */
  delayMs: number;
  clock: Clock;
  observer: FollowerObserver;
}>;

/** An outcome that is due, and what it is an outcome of. */
type Due = Readonly<{ outcome: Outcome; heard: HeardEvent }>;

/**
 * Follows the events and sends what is to be said to them. Offsets are committed when all of it is
 * acknowledged: what was not, is heard again and said again in the same bytes.
 */
export class Follower {
  readonly #parts: FollowerParts;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  start(): Promise<void> {
    return this.#parts.source.start((group) => this.#work(group));
  }

  /** Resolves when the group under way is worked off and committed, or given back. */
  async stop(): Promise<void> {
    await this.#parts.source.stop();
    await this.#parts.sink.close();
  }

  async #work(group: InboundGroup): Promise<void> {
    const { sink, commandsTopic, clock, observer } = this.#parts;
    const due = group.records.flatMap((record) => this.#dueOf(record));
    if (due.length === 0) return;
    const heartbeat = new GroupHeartbeat(group, clock);
    try {
      await this.#untilDue(due, heartbeat);
      const records = due.map(({ outcome, heard }) =>
        factRecord(outcome.fact, heard.correlationId, commandsTopic),
      );
      await publishWhileOurs(records, { sink, heartbeat, clock, observer });
      heartbeat.mustBeOurs();
    } finally {
      heartbeat.stop();
    }
  }

  #dueOf(record: InboundRecord): readonly Due[] {
    const heard = heardIn(record);
    if (heard === undefined) return [];
    if ('unusable' in heard) {
      this.#parts.observer.passedOver(record, heard.unusable);
      return [];
    }
    return this.#parts.outcomesOf(heard).map((outcome) => ({ outcome, heard }));
  }

  /** All of a group at once: events of one fetch are of one time, or so old that none is waited for. */
  async #untilDue(due: readonly Due[], heartbeat: GroupHeartbeat): Promise<void> {
    const { delayMs, clock } = this.#parts;
    const now = clock.now();
    const latest = due.reduce((time, { heard }) => Math.max(time, Date.parse(heard.recordedAt)), 0);
    // The ledger's clock may be ahead of ours.
    const at = Math.min(latest, now) + delayMs;
    for (let left = at - now; left > 0; left = at - clock.now()) {
      await heartbeat.wait(Math.min(left, PIECE));
    }
  }
}

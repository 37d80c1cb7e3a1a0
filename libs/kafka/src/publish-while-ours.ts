import { asError } from '#runtime/as-error.js';
import { backOff } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import type { GroupHeartbeat } from './group-heartbeat.js';
import type { KafkaObserver } from './kafka-observer.js';
import type { RecordSink } from './record-sink.js';
import type { OutRecord } from './records.js';

/** Milliseconds before a broker that does not acknowledge is tried again, at first and at most. */
const FIRST_WAIT = 50;
const LONGEST_WAIT = 1_000;

type Parts = Readonly<{
  sink: RecordSink;
  /** Of the group that the records come of. */
  heartbeat: GroupHeartbeat;
  clock: Clock;
  observer: Pick<KafkaObserver, 'published' | 'publishFailed'>;
}>;

/**
 * Publishes what a group led to, until every record is acknowledged or the group is no longer ours.
 *
 * @throws as `heartbeat.wait`: nothing of the group may be committed, and it comes again.
 */
export const publishWhileOurs = async (
  records: readonly OutRecord[],
  { sink, heartbeat, clock, observer }: Parts,
): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    const since = clock.now();
    try {
      await sink.publish(records, async () => heartbeat.mustBeOurs());
      observer.published(clock.now() - since);
      return;
    } catch (error) {
      heartbeat.mustBeOurs();
      const topics = [...new Set(records.map(({ topic }) => topic))];
      observer.publishFailed(asError(error), topics);
      await heartbeat.wait(backOff(clock, tries, FIRST_WAIT, LONGEST_WAIT));
    }
  }
};

import type { Consuming, KafkaObserver } from '#kafka/kafka-observer.js';
import type { PartHealth } from '#runtime/health.js';
import type { Runtime } from '#runtime/runtime.js';
import { copyFailures } from './copy-failures.js';

/**
 * Milliseconds in which a group that was lost comes again, where its partitions are still ours: the join is
 * over, and a fetch takes less than a second.
 */
const COMES_AGAIN = 10_000;

/** What the consumer of this process was last heard to be doing. */
export type KafkaDoing = {
  now: Consuming;
  detail: string | undefined;
  /** The timestamp of the oldest record of the group that is being worked on; undefined: none is. */
  oldest: number | undefined;
  /** Why no command is to be decided here, whoever sends it: another store is that of the group; undefined: none is known to be. */
  elsewhere: string | undefined;
  /** Why answers are not acknowledged at present; undefined: they are. */
  unacknowledged: string | undefined;
  /** Since when it does what it does now without a group that is worked on; undefined: there is one. */
  idleSince: number | undefined;
};

/** What the Kafka side tells, to the log and the metrics, and what it is doing, for health. */
export const kafkaObserver = (
  { clock, log, metrics: { kafka: metrics }, lifecycle }: Runtime,
  doing: KafkaDoing,
): KafkaObserver => ({
  consuming: (now, detail) => {
    const news = doing.now !== now || doing.detail !== detail;
    if (doing.now !== now && doing.idleSince !== undefined) doing.idleSince = clock.now();
    if (now === 'halted') doing.elsewhere = detail ?? now;
    else if (now === 'consuming') doing.elsewhere = undefined;
    doing.now = now;
    doing.detail = detail;
    metrics.consuming(now === 'consuming');
    if (!news) return;
    if (now === 'away' || now === 'halted') log.warn({ detail }, 'no commands come from Kafka');
    else log.info({ detail }, `commands from Kafka: ${now}`);
  },
  restarted: (error) => {
    metrics.restarted();
    log.warn({ err: error }, 'the consumer died: there is a new one');
  },
  commitRefused: (error) => {
    metrics.commitRefused();
    log.info({ reason: error.message }, 'offsets were refused: the group is being rebalanced');
  },
  holding: (oldest) => {
    if (isOfOthers(doing, clock.now())) doing.unacknowledged = undefined;
    doing.oldest = oldest;
    doing.idleSince = oldest === undefined ? clock.now() : undefined;
  },
  worked: (group) => {
    metrics.worked(group);
    log.debug(group, 'a group of records is answered');
  },
  resent: (partitions) => {
    metrics.resent(partitions);
    log.warn({ partitions }, 'a send left partitions out: they are sent again');
  },
  publishFailed: (error, topics) => {
    metrics.publishFailed();
    doing.unacknowledged = `answers are not acknowledged by ${topics.join(' or ')}: ${error.message}`;
    log.warn({ err: error, topics }, 'answers are not acknowledged: they are published again');
  },
  published: (milliseconds) => {
    doing.unacknowledged = undefined;
    metrics.published(milliseconds);
  },
  copyFailed: copyFailures(log, metrics),
  deadLettered: ({ reason, at }) => {
    metrics.deadLettered(reason);
    const { topic, partition, offset } = at;
    log.warn({ reason, topic, partition, offset }, 'a record is put among the dead letters');
  },
  fatal: (error) => lifecycle.fatal(error),
});

/** Red where no commands come over Kafka, or no answers go; the rest of the ledger goes on without. */
export const kafkaHealth = (doing: KafkaDoing, time: number): PartHealth => {
  const { now, detail, unacknowledged } = doing;
  if (now === 'consuming' && unacknowledged !== undefined && !isOfOthers(doing, time))
    return { status: 'down', detail: unacknowledged };
  if (now === 'consuming') return { status: 'up', ...(detail !== undefined && { detail }) };
  return { status: 'down', detail: detail === undefined ? now : `${now}: ${detail}` };
};

/** Whether a group that was not acknowledged has not come again: whoever has it now answers it. */
const isOfOthers = ({ now, idleSince }: KafkaDoing, time: number): boolean =>
  now === 'consuming' && idleSince !== undefined && time - idleSince >= COMES_AGAIN;

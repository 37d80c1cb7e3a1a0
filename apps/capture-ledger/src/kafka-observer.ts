import type { Consuming, KafkaObserver } from '#kafka/kafka-observer.js';
import type { PartHealth } from '#runtime/health.js';
import type { Runtime } from '#runtime/runtime.js';
import { copyFailures } from './copy-failures.js';

/** What the consumer of this process was last heard to be doing. */
export type KafkaDoing = {
  now: Consuming;
  detail: string | undefined;
  /** The timestamp of the oldest record of the group that is being worked on; undefined: none is. */
  oldest: number | undefined;
  /** Why answers are not acknowledged at present; undefined: they are. */
  unacknowledged: string | undefined;
};

/** What the Kafka side tells, to the log and the metrics, and what it is doing, for health. */
export const kafkaObserver = (
  { log, metrics: { kafka: metrics }, lifecycle }: Runtime,
  doing: KafkaDoing,
): KafkaObserver => ({
  consuming: (now, detail) => {
    const news = doing.now !== now || doing.detail !== detail;
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
    doing.oldest = oldest;
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
export const kafkaHealth = ({ now, detail, unacknowledged }: KafkaDoing): PartHealth => {
  if (now === 'consuming' && unacknowledged !== undefined)
    return { status: 'down', detail: unacknowledged };
  if (now === 'consuming') return { status: 'up', ...(detail !== undefined && { detail }) };
  return { status: 'down', detail: detail === undefined ? now : `${now}: ${detail}` };
};

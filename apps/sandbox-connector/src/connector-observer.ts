import type { KafkaLog } from '#kafka/kafka-log.js';
import type { KafkaObserver } from '#kafka/kafka-observer.js';
import type { Runtime } from '#runtime/runtime.js';
import type { FollowerObserver } from './follower.js';

type Told = Pick<KafkaObserver, 'consuming' | 'restarted' | 'commitRefused' | 'fatal' | 'resent'> &
  FollowerObserver;

/** What a follower and its driver tell, for the log. @param group which of our followers it is. */
export const connectorObserver = (
  { log, lifecycle }: Runtime,
  group: string,
): Told & Readonly<{ log: KafkaLog }> => ({
  log: (level, sentence, members) => log[level]({ ...members, group }, sentence),
  consuming: (state, detail) =>
    state === 'away'
      ? log.warn({ group, detail }, 'no events come from Kafka')
      : log.info({ group, detail }, `events from Kafka: ${state}`),
  restarted: (error) => log.warn({ group, err: error }, 'the consumer died: there is a new one'),
  commitRefused: (error) =>
    log.info({ group, reason: error.message }, 'offsets were refused: the group is rebalanced'),
  fatal: (error) => lifecycle.fatal(error),
  resent: (partitions) =>
    log.warn({ group, partitions }, 'a send left partitions out: they are sent again'),
  published: (milliseconds) => log.debug({ group, milliseconds }, 'outcomes are sent'),
  publishFailed: (error) =>
    log.warn({ group, err: error }, 'outcomes are not acknowledged: they are sent again'),
  passedOver: ({ topic, partition, offset }, why) =>
    log.warn({ group, topic, partition, offset, why }, 'an event is passed over'),
});

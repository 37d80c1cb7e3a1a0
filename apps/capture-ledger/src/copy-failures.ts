import type { KafkaObserver } from '#kafka/kafka-observer.js';
import type { Log } from '#runtime/log.js';
import type { KafkaMetrics } from '#runtime/kafka-metrics.js';

/** Topics that are told of at `warn`: callers may name as many as they like. */
const TOPICS_MAX = 100;

/**
 * Counts copies that were not written, and logs the first for a topic at `warn`: a caller that names one
 * which is not there has one for each of its commands.
 */
export const copyFailures = (
  log: Log,
  metrics: Pick<KafkaMetrics, 'copyFailed'>,
): KafkaObserver['copyFailed'] => {
  const told = new Set<string>();
  return (topic, why, failure) => {
    metrics.copyFailed(failure);
    const isFirst = !told.has(topic) && told.size < TOPICS_MAX;
    if (isFirst) told.add(topic);
    log[isFirst ? 'warn' : 'debug']({ topic, failure, why }, 'a copy of an answer was not written');
  };
};

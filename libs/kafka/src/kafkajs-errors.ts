import type { KafkaConnection } from './kafka-connection.js';

/** kafkajs' names of errors that say that no broker answers, or lets us in. */
const UNREACHABLE = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
  'KafkaJSSASLAuthenticationError',
]);

/** Whether no broker could be reached, or none let us in. */
export const isUnreachable = (error: unknown): boolean => UNREACHABLE.has(rootOf(error).name);

/** Protocol errors of a member whose partitions are being given to others, or were. */
const REFUSALS = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID']);

/** Whether a commit was refused because the partitions are not, or not for long, those of the member. */
export const isCommitRefusal = (error: unknown): error is Error =>
  error instanceof Error && 'type' in error && REFUSALS.has(String(error.type));

/** For a person: why the cluster cannot be used. */
export const reasonOf = (error: unknown, { brokers }: Pick<KafkaConnection, 'brokers'>): string => {
  const { message } = rootOf(error);
  return isUnreachable(error) ? `${brokers.join(', ')}: ${message}` : message;
};

/** What the broker calls an error, as `UNKNOWN_TOPIC_OR_PARTITION`; undefined where it is not the broker's. */
export const brokersNameOf = (error: unknown): string | undefined => {
  const root = rootOf(error);
  return 'type' in root && typeof root.type === 'string' ? root.type : undefined;
};

/** kafkajs wraps what it has tried too often. */
const rootOf = (error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(String(error));
  const { cause } = error;
  return error.name.startsWith('KafkaJS') && cause instanceof Error ? rootOf(cause) : error;
};

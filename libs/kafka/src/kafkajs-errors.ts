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

/** For a person: why the cluster cannot be used. */
export const reasonOf = (error: unknown, { brokers }: Pick<KafkaConnection, 'brokers'>): string => {
  const { message } = rootOf(error);
  return isUnreachable(error) ? `${brokers.join(', ')}: ${message}` : message;
};

/** kafkajs wraps what it has tried too often. */
const rootOf = (error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(String(error));
  const { cause } = error;
  return error.name.startsWith('KafkaJS') && cause instanceof Error ? rootOf(cause) : error;
};

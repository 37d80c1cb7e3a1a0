import type { Kafka as KafkaClient, KafkaConfig, RetryOptions } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsLog } from './kafkajs-log.js';
import { Kafka, logLevel } from './kafkajs.js';

/**
 * What a client is for: reading commands, publishing answers and dead letters, copies for callers,
 * publishing events and views, and looking at topics and groups.
 */
export type KafkaRole = 'consumer' | 'answers' | 'copies' | 'publisher' | 'admin';

/** Milliseconds until a connection stands: kafkajs' own second is short for TLS to another region. */
const CONNECTION_TIMEOUT = 3_000;

/** Said in full, since kafkajs has other defaults where NODE_ENV is `test`. */
const retry = (retries: number, initialRetryTime: number, maxRetryTime: number): RetryOptions => ({
  retries,
  initialRetryTime,
  maxRetryTime,
  factor: 0.2,
  multiplier: 2,
});

type Patience = Pick<KafkaConfig, 'retry' | 'requestTimeout'> & { connectionTimeout?: number };

/** How long each role tries, and how long it waits for an answer, in milliseconds. */
const PATIENCE: Readonly<Record<KafkaRole, Patience>> = {
  // Some 20 s in place: whoever gives up leaves the group, and the others stop for it.
  consumer: { retry: retry(8, 200, 5_000), requestTimeout: 30_000 },
  // Between the tries of one send nobody hears a heartbeat of ours: few of them, and short.
  answers: { retry: retry(4, 100, 2_000), requestTimeout: 10_000 },
  // Two tries: it is somebody else's topic, and a group waits for it.
  copies: { retry: retry(1, 100, 100), requestTimeout: 1_000, connectionTimeout: 1_000 },
  // A transaction right after another meets the end of that one, which is over in milliseconds.
  publisher: {
    retry: { initialRetryTime: 3, factor: 0, multiplier: 1.3, maxRetryTime: 50, retries: 40 },
    requestTimeout: 10_000,
  },
  // Whoever asks has a loop of its own, and wants to know soon.
  admin: { retry: retry(2, 100, 1_000), requestTimeout: 10_000 },
};

/** A client of a role's own: in kafkajs, looking up metadata retries as the client does, not as the producer. */
export const kafkajsClient = (
  { brokers, clientId, ssl, sasl }: KafkaConnection,
  role: KafkaRole,
  log: KafkaLog,
): KafkaClient =>
  new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
    connectionTimeout: CONNECTION_TIMEOUT,
    ...PATIENCE[role],
    logLevel: logLevel.INFO,
    logCreator: kafkajsLog(log),
  });

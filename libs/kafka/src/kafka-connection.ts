import type { KafkaConfig } from 'kafkajs';

/** How to reach a cluster. `ssl` and `sasl` are kafkajs' own options, passed through. */
export type KafkaConnection = Readonly<{
  /** `host:port` of one or more brokers, to learn the others from. */
  brokers: readonly string[];
  clientId: string;
  ssl?: NonNullable<KafkaConfig['ssl']>;
  sasl?: NonNullable<KafkaConfig['sasl']>;
}>;

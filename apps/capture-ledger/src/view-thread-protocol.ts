import type { KafkaConnection } from '#kafka/kafka-connection.js';
import type { KafkaLog } from '#kafka/kafka-log.js';
import type { ExitCode } from '#runtime/exit-codes.js';

/** Where the views are published to. */
export type PublicationKafka = Readonly<{ connection: KafkaConnection; topicPrefix: string }>;

/** What the thread of the views is started with. */
export type ViewThreadOrders = Readonly<{
  /** Of the store, which is open, and of the views. */
  folder: string;
  /** Undefined where nothing is published. */
  kafka: PublicationKafka | undefined;
  /** 1 from when it is told of a commit until it has heard: many commits are one message. */
  bell: Int32Array;
}>;

export type ToViewThread =
  /** There are new events. */
  | 'committed'
  /** The topics are as they must be: publish. */
  | 'publish'
  /** End, when what was appended is published, or soon after. */
  | 'stop';

/** Whose observer is told. */
export type Observed = 'projector' | 'publisher';

export type FromViewThread =
  | Readonly<{ said: 'observed'; by: Observed; call: string; with: readonly unknown[] }>
  /** Of the driver. */
  | Readonly<{ said: 'logged'; with: Parameters<KafkaLog> }>
  /** The process must end. */
  | Readonly<{ said: 'failed'; error: Error; exitCode: ExitCode }>;

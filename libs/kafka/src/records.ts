/** A header as Kafka has it: bytes, and the same name may come more than once. */
export type InboundHeaders = ReadonlyMap<string, readonly Buffer[]>;

/** A record as it came, before anybody has said what it means. */
export type InboundRecord = Readonly<{
  topic: string;
  partition: number;
  offset: bigint;
  key: Buffer | null;
  value: Buffer | null;
  headers: InboundHeaders;
  /** Milliseconds since 1970, set by its sender or by the broker. */
  timestamp: number;
}>;

type HeaderValue = Buffer | string;

/** A record on its way out. Its timestamp is the broker's business: ours is never taken from data. */
export type OutRecord = Readonly<{
  topic: string;
  /** null: a dead letter that had none. */
  key: Buffer | string | null;
  /** null: a tombstone, or a dead letter whose value must not be kept. */
  value: Buffer | string | null;
  headers: Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;
  /** Left out, it is that of the key: murmur2, as Java's and kafkajs' default partitioner has it. */
  partition?: number;
}>;

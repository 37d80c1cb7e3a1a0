import type { InboundRecord, OutRecord } from '#kafka/records.js';

/** A topic as its broker has it on its disk: it outlives every process. Nothing here ever waits. */
export class SimulatedTopic {
  readonly name: string;
  readonly #partitions: readonly InboundRecord[][];
  readonly #followers: ((record: InboundRecord) => void)[] = [];

  constructor(name: string, partitions: number) {
    this.name = name;
    this.#partitions = Array.from({ length: partitions }, () => []);
  }

  /** `follower` hears of every record at the moment at which it is there for good. */
  follow(follower: (record: InboundRecord) => void): void {
    this.#followers.push(follower);
  }

  /** @param timestamp milliseconds since 1970. */
  append({ key, value, headers, partition }: Omit<OutRecord, 'topic'>, timestamp: number): void {
    const own = bytesOf(key);
    const at = partition ?? this.partitionOf(own);
    const records = this.#partitions[at];
    if (!records) throw new Error(`${this.name} has no partition ${at}`);
    const record = {
      topic: this.name,
      partition: at,
      offset: BigInt(records.length),
      key: own,
      value: bytesOf(value),
      headers: new Map(Object.entries(headers).map(([name, one]) => [name, valuesOf(one)])),
      timestamp,
    };
    records.push(record);
    for (const follower of this.#followers) follower(record);
  }

  /** Keys that follow one another are in different partitions, so that all have something in them. */
  partitionOf(key: Buffer | string | null): number {
    let sum = 0;
    for (const byte of bytesOf(key) ?? []) sum += byte;
    return sum % this.#partitions.length;
  }

  /** The records of a partition from `offset` on, before `end`. */
  between(partition: number, offset: number, end: number): readonly InboundRecord[] {
    return this.#partitions[partition]?.slice(offset, end) ?? [];
  }

  /** Per partition the offset of the record that comes next. */
  ends(): readonly number[] {
    return this.#partitions.map(({ length }) => length);
  }

  records(): readonly InboundRecord[] {
    return this.#partitions.flat();
  }
}

const bytesOf = (text: Buffer | string | null): Buffer | null =>
  typeof text === 'string' ? Buffer.from(text) : text;

const valuesOf = (value: OutRecord['headers'][string]): readonly Buffer[] =>
  (Array.isArray(value) ? value : [value]).map((one: Buffer | string) => Buffer.from(one));

import type { Consumer, EachBatchPayload } from 'kafkajs';
import { asError } from '#runtime/as-error.js';
import { isOverWithin } from '#runtime/clock.js';
import type { Clock } from '#runtime/clock.js';
import { GroupHeartbeat } from './group-heartbeat.js';
import { Handoff } from './handoff.js';
import { inboundRecord } from './inbound-record.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { KafkaLog } from './kafka-log.js';
import { kafkajsClient } from './kafkajs-client.js';
import type { InboundRecord } from './records.js';
import { SilenceWatch } from './silence-watch.js';
import { withAdmin } from './with-admin.js';

/** Milliseconds without a word of the broker after which a reading is given up. */
const LONGEST_SILENCE = 30_000;

/** Milliseconds for leaving: what hangs is left to itself. */
const PATIENCE_AT_END = 5_000;

export type TopicReaderParts = Readonly<{
  connection: KafkaConnection;
  clock: Clock;
  log: KafkaLog;
  /** What the names of its groups begin with; each reading is a group of its own, and commits nothing. */
  groupPrefix: string;
}>;

/** By partition: the offset behind the last record that is to be read. */
type Ends = ReadonlyMap<number, bigint>;

/** One reading of a topic. */
type Reading = Readonly<{
  topic: string;
  signal: AbortSignal;
  known: Ends | undefined;
  pages: Handoff<readonly InboundRecord[]>;
  watch: SilenceWatch;
}>;

/** Reads topics from their beginning to where they end now. */
export class TopicReader {
  readonly #parts: TopicReaderParts;

  constructor(parts: TopicReaderParts) {
    this.#parts = parts;
  }

  /**
   * What is committed on a topic when this is called, in pages; each partition in its order. Nothing is
   * connected before the first page is asked for. A record may come twice where the reading was interrupted.
   *
   * @param signal aborted, it ends as if there were nothing more.
   * @param known where it ends, by partition: the offset behind the last. It may still be being written.
   *   By default what is committed now, without what is behind an open transaction.
   * @throws kafkajs' error: there is no such topic, or the cluster cannot be read; or that nothing was heard
   *   of the broker for half a minute.
   */
  async *read(
    topic: string,
    signal: AbortSignal,
    known?: Ends,
  ): AsyncGenerator<readonly InboundRecord[], void> {
    if (signal.aborted) return;
    const { clock } = this.#parts;
    const pages = new Handoff<readonly InboundRecord[]>();
    const watch = new SilenceWatch(clock);
    void watch.silentFor(LONGEST_SILENCE).then((silent) => silent && pages.end(silent));
    const consumer = this.#consumer();
    const joined = this.#follow(consumer, { topic, signal, known, pages, watch }).catch(
      (error: unknown) => pages.end(asError(error)),
    );
    // One that is disconnected before it has joined would join all the same, and read for ever.
    const leave = (): Promise<void> => {
      watch.stop();
      pages.end();
      return joined.then(() => consumer.disconnect()).catch(() => undefined);
    };
    // Whoever reads may have stopped in the middle of a page, and never come back.
    const abort = (): void => void leave();
    signal.addEventListener('abort', abort);
    try {
      yield* pages;
    } finally {
      signal.removeEventListener('abort', abort);
      if (!signal.aborted) await isOverWithin(clock, PATIENCE_AT_END, leave());
    }
  }

  /** Of each partition that holds anything: the offset of the next record, without open transactions. */
  async #endsOf(topic: string): Promise<Ends> {
    const { connection, log } = this.#parts;
    const offsets = await withAdmin(kafkajsClient(connection, 'admin', log), (admin) =>
      admin.fetchTopicOffsets(topic),
    );
    return new Map(
      offsets
        .map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) }))
        .filter(({ low, high }) => low < high)
        .map(({ partition, high }) => [partition, high]),
    );
  }

  async #follow(consumer: Consumer, reading: Reading): Promise<void> {
    const { topic, signal, known, pages, watch } = reading;
    const ends = known ?? (await this.#endsOf(topic));
    if (ends.size === 0 || signal.aborted) return pages.end();
    const missing = new Map(ends);
    const { CONNECT, GROUP_JOIN, HEARTBEAT, FETCH } = consumer.events;
    for (const word of [CONNECT, GROUP_JOIN, HEARTBEAT, FETCH])
      consumer.on(word, () => watch.heard());
    // The last offset may be a transaction's mark, and `eachBatch` is not called for a batch of those alone.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
      if (BigInt(lastOffset) + 1n >= (missing.get(partition) ?? 0n)) missing.delete(partition);
      if (missing.size === 0) pages.end();
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => pages.end(error));
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: (payload) => this.#hand(payload, ends.get(payload.batch.partition) ?? 0n, reading),
    });
  }

  /** Waits until the page is taken: what is not asked for is not fetched. */
  async #hand(payload: EachBatchPayload, end: bigint, { pages, watch }: Reading): Promise<void> {
    const { batch } = payload;
    const records = batch.messages
      .map((message) => inboundRecord(batch.topic, batch.partition, message))
      .filter(({ offset }) => offset < end);
    if (records.length === 0) return;
    const alive = new GroupHeartbeat(
      {
        heartbeat: () => payload.heartbeat(),
        isRunning: () => payload.isRunning(),
      },
      this.#parts.clock,
    );
    await watch.excuse(pages.put(records));
    alive.stop();
    alive.mustBeOurs();
  }

  #consumer(): Consumer {
    const { connection, clock, log, groupPrefix } = this.#parts;
    const one = Math.floor(clock.random() * 2 ** 48).toString(36);
    return kafkajsClient(connection, 'consumer', log).consumer({
      groupId: `${groupPrefix}${one}`,
      maxWaitTimeInMs: 100,
      maxBytesPerPartition: 1024 * 1024,
      maxBytes: 8 * 1024 * 1024,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
  }
}

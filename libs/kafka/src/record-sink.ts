import type { OutRecord } from './records.js';

/** Where answers and dead letters go: topics of our own. */
export interface RecordSink {
  /**
   * Resolves when every record has been acknowledged by all in-sync replicas, and not before. The same
   * records may be published again after a rejection; readers know repeats by `ce_id`.
   *
   * @param beat is called while it waits between rounds; what it throws is thrown.
   * @throws {UnacknowledgedRecords} or the driver's error: it is not known which of them were written.
   */
  publish(records: readonly OutRecord[], beat?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Partitions that the driver did not name in its answer, however often they were sent: a send may
 * resolve although a partition whose leader moved was never written (reference: kafkajs #1303).
 */
export class UnacknowledgedRecords extends Error {
  override readonly name = 'UnacknowledgedRecords';

  constructor(partitions: readonly string[]) {
    super(`not acknowledged: ${partitions.join(', ')}`);
  }
}

import type { OutRecord } from './records.js';

/** Where copies of answers go that callers want: topics that they name and own. */
export interface CopySink {
  /**
   * Best effort within `limitMs`: never rejects, and tells its observer what failed. A record whose
   * `partition` the topic does not have is not written.
   */
  copy(records: readonly OutRecord[], limitMs: number): Promise<void>;
  close(): Promise<void>;
}

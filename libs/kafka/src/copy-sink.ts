import type { OutRecord } from './records.js';

/** Why a copy that a caller asked for was not written: few words, to be counted by. */
export type CopyFailure =
  | 'forbidden_topic'
  | 'unusable_partition'
  | 'correlation_too_long'
  | 'unknown_topic'
  | 'not_authorized'
  | 'not_acknowledged'
  | 'too_late'
  | 'failed';

/** Where copies of answers go that callers want: topics that they name and own. */
export interface CopySink {
  /**
   * Best effort within `limitMs`: never rejects, and tells its observer what failed. A record whose
   * `partition` the topic does not have is not written.
   */
  copy(records: readonly OutRecord[], limitMs: number): Promise<void>;
  close(): Promise<void>;
}

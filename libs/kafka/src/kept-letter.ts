import { DEAD_LETTER_HEADERS } from './dead-letter.js';
import { headerText } from './headers.js';
import type { InboundRecord, OutRecord } from './records.js';

/** What a dead letter says of itself. */
export type KeptLetter = Readonly<{
  /** Where it is among the dead letters: `partition/offset`. */
  place: string;
  reason: string;
  /** What is wrong with it, for a person. */
  message: string;
  /** Where it was, `topic/partition/offset`, and milliseconds since 1970. */
  from: string;
  timestamp: number;
  commandId: string | undefined;
  commandType: string | undefined;
  /** undefined: it held card data, and nothing that its sender wrote is there any more. */
  record: InboundRecord | undefined;
}>;

export const readLetter = (record: InboundRecord): KeptLetter => {
  const said = (name: string): string => headerText(record.headers, name) ?? '';
  const { topic, partition, offset, timestamp, message, reason } = DEAD_LETTER_HEADERS;
  return {
    place: `${record.partition}/${record.offset}`,
    reason: said(reason),
    message: said(message),
    from: `${said(topic)}/${said(partition)}/${said(offset)}`,
    timestamp: Number(said(timestamp)),
    commandId: headerText(record.headers, 'ce_id'),
    commandType: headerText(record.headers, 'ce_type'),
    // A record of its sender's that had neither key, value nor headers says nothing to send again.
    record: record.key === null && record.value === null ? undefined : record,
  };
};

const ours: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADERS));

/** The record that became a dead letter once more, as it came: the same id, key, headers and bytes. */
export const sentAgain = ({ key, value, headers }: InboundRecord, topic: string): OutRecord => ({
  topic,
  key,
  value,
  headers: Object.fromEntries([...headers].filter(([name]) => !ours.has(name))),
});

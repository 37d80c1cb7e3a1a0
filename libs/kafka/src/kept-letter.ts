import { readJson } from '#commands/safe-json.js';
import { commandIn } from './command-record.js';
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
  /** undefined: it held what must not be kept, and nothing that its sender wrote is there any more. */
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
    ...namesIn(record),
    record: isEmpty(record) ? undefined : record,
  };
};

/** One that came with neither key, value nor headers is as one of which nothing is kept: nothing to send again. */
const isEmpty = ({ key, value, headers }: InboundRecord): boolean =>
  key === null && value === null && [...headers.keys()].every((name) => ours.has(name));

/** What its sender called it, in headers or in the value, as far as that can be read. */
const namesIn = (record: InboundRecord): Pick<KeptLetter, 'commandId' | 'commandType'> => {
  const { commandId, type, body } = commandIn(record);
  if (commandId !== undefined && type !== undefined) return { commandId, commandType: type };
  const read = readJson(body);
  const said = (name: string): string | undefined => {
    const text = read.ok ? read.value[name] : undefined;
    return typeof text === 'string' ? text : undefined;
  };
  return { commandId: commandId ?? said('commandId'), commandType: type ?? said('type') };
};

const ours: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADERS));

/** The record that became a dead letter once more, as it came: the same id, key, headers and bytes. */
export const sentAgain = ({ key, value, headers }: InboundRecord, topic: string): OutRecord => ({
  topic,
  key,
  value,
  headers: Object.fromEntries([...headers].filter(([name]) => !ours.has(name))),
});

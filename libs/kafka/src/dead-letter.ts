import type { Decided, DeadLetter } from '#commands/answer.js';
import { withheldInText } from '#commands/withheld.js';
import type { Withheld } from '#commands/withheld.js';
import type { InboundHeaders, InboundRecord, OutRecord } from './records.js';

/** What a dead letter says of where it came from: the names that Spring and Nest know, as text. */
export const DEAD_LETTER_HEADERS = {
  topic: 'kafka_dlt-original-topic',
  partition: 'kafka_dlt-original-partition',
  offset: 'kafka_dlt-original-offset',
  timestamp: 'kafka_dlt-original-timestamp',
  exception: 'kafka_dlt-exception-fqcn',
  message: 'kafka_dlt-exception-message',
  reason: 'ledger-reason',
} as const;

const MESSAGE_LENGTH_MAX = 1_024;

/**
 * A record that became no command, or that could not be decided: as it came, key, value and headers, with
 * where it was and why. One that is invalid and holds card data or personal data keeps nothing that its
 * sender wrote.
 */
export const deadLetterOf = (
  record: InboundRecord,
  { answer }: Decided,
  deadLetter: DeadLetter,
  topic: string,
): OutRecord => {
  const withheld = deadLetter.withheld ?? withheldOf(record, deadLetter);
  const why = {
    [DEAD_LETTER_HEADERS.topic]: record.topic,
    [DEAD_LETTER_HEADERS.partition]: String(record.partition),
    [DEAD_LETTER_HEADERS.offset]: String(record.offset),
    [DEAD_LETTER_HEADERS.timestamp]: String(record.timestamp),
    [DEAD_LETTER_HEADERS.exception]: `command.${answer.outcome}`,
    [DEAD_LETTER_HEADERS.message]: messageOf(answer.errors, deadLetter, withheld),
    [DEAD_LETTER_HEADERS.reason]: deadLetter.reason,
  };
  if (withheld) return { topic, key: null, value: null, headers: why };
  // Ours come last: whatever a sender wrote under these names is not passed on.
  const headers = { ...keepable(record.headers, deadLetter), ...why };
  return { topic, key: record.key, value: record.value, headers };
};

/** A valid command is kept whatever its digits look like: validation has looked at them, and it may be a fact. */
const withheldOf = ({ key, value }: InboundRecord, { reason }: DeadLetter): Withheld | undefined =>
  reason === 'invalid'
    ? [key, value]
        .map((bytes) => (bytes ? withheldInText(bytes.toString()) : undefined))
        .find((withheld) => withheld !== undefined)
    : undefined;

/** Without those that hold card data or personal data and are no part of a valid command. */
const keepable = (
  headers: InboundHeaders,
  { reason }: DeadLetter,
): Record<string, readonly Buffer[]> => {
  const isPartOfCommand = (name: string): boolean => reason !== 'invalid' && name.startsWith('ce_');
  return Object.fromEntries(
    [...headers].filter(
      ([name, values]) => isPartOfCommand(name) || !isWithheldHeader(name, values),
    ),
  );
};

/** A header is looked at as a member of JSON is: by its name too. */
const isWithheldHeader = (name: string, values: readonly Buffer[]): boolean =>
  values.some((value) => withheldInText(`"${name}":"${value.toString()}"`) !== undefined);

/** The places that flaws name are in a sender's words; where those must not be kept, they are left out. */
const messageOf = (
  flaws: Decided['answer']['errors'] = [],
  { reason }: DeadLetter,
  withheld: Withheld | undefined,
): string => {
  if (withheld) return `it seems to hold ${withheld}; nothing of it is kept`;
  const said = flaws.map(({ pointer, message }) => `${pointer} ${message}`.trim()).join('; ');
  return (said || reason).slice(0, MESSAGE_LENGTH_MAX).toWellFormed();
};

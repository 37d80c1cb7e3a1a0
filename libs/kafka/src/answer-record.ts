import type { Answer, Decided } from '#commands/answer.js';
import { withheldInText } from '#commands/withheld.js';
import { lastHeader } from './headers.js';
import type { InboundRecord, OutRecord } from './records.js';

/** The CloudEvents `source` of all that the commands' side of a ledger writes. */
export const ANSWER_SOURCE = '/capture-ledger';

/** What a sender may give so as to know its answers again; a short one is copied as it came, byte for byte. */
const CORRELATIONS = ['kafka_correlationId', 'ce_correlationid'] as const;

/**
 * Of a sender's own bytes, in an answer. One that did not fit into a record could never be published, and
 * the partition of what it answers would stand still.
 */
const REPEATED_BYTES_MAX = 1_024;

const types: Readonly<Record<Answer['outcome'], string>> = {
  accepted: 'CommandAccepted',
  rejected: 'CommandRejected',
  invalid: 'CommandInvalid',
  failed: 'CommandFailed',
};

/**
 * The answer to a record, for the answers topic. Of a command that is decided, key, value and `ce_id` are
 * the same on every repeat, for ever; that it is a repeat says a header.
 */
export const answerRecord = (decided: Decided, record: InboundRecord, topic: string): OutRecord => {
  const { answer, repeat } = decided;
  const name = nameOf(answer);
  const headers: Record<string, Buffer | string> = {
    ce_specversion: '1.0',
    ce_id: idOf(name, answer, record),
    ce_type: types[answer.outcome],
    ce_source: ANSWER_SOURCE,
    'content-type': 'application/json',
  };
  for (const correlation of CORRELATIONS) {
    const bytes = lastHeader(record.headers, correlation);
    if (bytes && bytes.length <= REPEATED_BYTES_MAX) headers[correlation] = bytes;
  }
  if (repeat) headers['ledger-repeat'] = 'true';
  return { topic, key: name ?? keyOf(record), value: JSON.stringify(answer), headers };
};

/** The authorization, as every topic of ours is keyed. Of what is no JSON only the record's key is known. */
const nameOf = ({ merchantAccountId, authorizationId }: Answer): string | undefined =>
  merchantAccountId === undefined || authorizationId === undefined
    ? authorizationId
    : `${merchantAccountId}/${authorizationId}`;

/** Of a record that names no authorization, its own. */
const keyOf = ({ key }: InboundRecord): Buffer | null =>
  key !== null && key.length <= REPEATED_BYTES_MAX && withheldInText(key.toString()) === undefined
    ? key
    : null;

/**
 * Of a decision, the same on every repeat. What is no decision is said of one record, and its id is where
 * that was: the same command id may come again and be answered otherwise.
 */
const idOf = (
  name: string | undefined,
  { commandId, outcome, revision }: Answer,
  { topic, partition, offset }: InboundRecord,
): string =>
  name !== undefined && commandId !== undefined && revision !== undefined
    ? `${name}/${commandId}/${outcome}`
    : `${topic}/${partition}/${offset}`;

import type { OutRecord } from '#kafka/records.js';
import type { Letter } from '../letters.js';
import type { Random } from '../random.js';
import { REPLIES, TOPICS } from './simulated-kafka.js';

/** Where callers want copies of their answers: one may be named, one may not, and one is not there. */
const REPLY_TOPICS = [REPLIES, TOPICS.answers, 'lost.replies'] as const;

/** The topics that callers may name. */
export const MAY_BE_NAMED = /\.replies$/;

/** The header by which its sender knows the answer to a record. */
export const CORRELATION = 'kafka_correlationId';

/** A letter as a record: in binary mode, or as a structured CloudEvent. */
export const recordOf = (letter: Letter, correlation: string, random: Random): OutRecord => {
  const { authorizationId, commandId, issuedAt } = letter.command;
  const { type, payload } = letter.sent;
  const headers = {
    [CORRELATION]: correlation,
    ...(random.chance(0.3) && { kafka_replyTopic: random.pick(REPLY_TOPICS) }),
  };
  const event = { id: commandId, type: String(type), source: 'shop', time: issuedAt };
  const ofTry = letter.correlationId !== undefined && { correlationid: letter.correlationId };
  const attributes = { specversion: '1.0', ...event, ...ofTry };
  const to = { topic: TOPICS.commands, key: authorizationId };
  if (random.chance(0.2)) {
    const value = JSON.stringify({ ...attributes, data: payload });
    const structured = { 'content-type': 'application/cloudevents+json', ...headers };
    return { ...to, value, headers: structured };
  }
  const binary = Object.entries(attributes).map(([name, said]) => [`ce_${name}`, said] as const);
  const value = JSON.stringify(payload);
  return { ...to, value, headers: { ...Object.fromEntries(binary), ...headers } };
};

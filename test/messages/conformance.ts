// Whether records are what docs/messages says: for every test that sends or reads records.
import { topicNames } from '#kafka/topic-names.js';
import { flawsOfCommand } from './command-conformance.js';
import { flawsOfPublished } from './publication-conformance.js';
import { flawsBy } from './published-schemas.js';
import { headerTexts, objectIn } from './seen-record.js';
import type { HeaderTexts, SeenRecord } from './seen-record.js';

/**
 * Throws where a command, an answer, a dead letter, a copy of an answer, an event, a view or a checkpoint is
 * not what docs/messages says. A topic that is none of ours is a caller's own. Of a command that is meant to
 * be wrong, ask {@link flawsOf}.
 */
export const expectConforming = (record: SeenRecord): void => {
  const flaws = flawsOf(record);
  if (flaws.length === 0) return;
  const said = `${record.topic} ${record.key?.toString()} ${record.value?.toString()}`;
  throw new Error(`not as docs/messages says: ${said}\n  ${flaws.join('\n  ')}`);
};

/** What is wrong with a record by docs/messages, in words; empty where nothing is. */
export const flawsOf = (record: SeenRecord): readonly string[] => {
  const { topic } = record;
  const headers = headerTexts(record);
  if (topic.endsWith(topics.commands)) return flawsOfCommand(record, headers);
  if (topic.endsWith(topics.deadLetters)) return flawsOfDeadLetter(record, headers);
  const ofPublished = flawsOfPublished(record, topics);
  if (ofPublished) return ofPublished;
  return [
    ...flawsOfAnswer(record, headers),
    ...flawsOfDisposal(headers, topic.endsWith(topics.answers) ? 'answer' : 'copy'),
  ];
};

const topics = topicNames('');

const flawsOfAnswer = (record: SeenRecord, headers: HeaderTexts): readonly string[] => {
  const answer = objectIn(record) as Record<string, string> | undefined;
  if (!answer) return ['the value is no JSON object'];
  const flaws = [...flawsBy('headers/answer.json', headers), ...flawsBy('answer.json', answer)];
  const { outcome = '', revision, commandId, merchantAccountId, authorizationId } = answer;
  const type = `Command${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}`;
  if (headers['ce_type'] !== type) flaws.push(`ce_type is not ${type}`);
  if (merchantAccountId !== undefined && authorizationId !== undefined) {
    const key = `${merchantAccountId}/${authorizationId}`;
    const id = `${key}/${commandId}/${outcome}`;
    if (record.key?.toString() !== key) flaws.push(`the key is not ${key}`);
    if (revision !== undefined && headers['ce_id'] !== id) flaws.push(`ce_id is not ${id}`);
  }
  if (headers['ledger-repeat'] && outcome !== 'accepted' && outcome !== 'rejected') {
    flaws.push(`${outcome} is no decision, and so no repeat of one`);
  }
  return flaws;
};

/** Nest's callers want it; on the answers topic it says nothing. */
const flawsOfDisposal = (headers: HeaderTexts, kind: 'answer' | 'copy'): readonly string[] =>
  'kafka_nest-is-disposed' in headers === (kind === 'copy')
    ? []
    : [`kafka_nest-is-disposed is for copies, and this is the ${kind}`];

const flawsOfDeadLetter = (record: SeenRecord, headers: HeaderTexts): readonly string[] => {
  const flaws = [...flawsBy('headers/dead-letter.json', headers)];
  if (!headers['kafka_dlt-original-topic']?.endsWith(topics.commands)) {
    flaws.push('it is of another topic than that of commands');
  }
  if (headers['kafka_dlt-exception-message']?.startsWith('it seems to hold')) {
    if (record.key) flaws.push('it keeps a key that must not be kept');
    if (record.value !== null) flaws.push('it keeps a value that must not be kept');
    const kept = Object.keys(headers).filter((name) => !name.startsWith('kafka_dlt-'));
    if (kept.join() !== 'ledger-reason') flaws.push(`it keeps headers: ${kept.join()}`);
  }
  return flaws;
};

import type { TopicNames, ViewTopic } from '#kafka/topic-names.js';
import { flawsBy, published } from './published-schemas.js';
import { headerTexts, objectIn } from './seen-record.js';
import type { HeaderTexts, Json, SeenRecord } from './seen-record.js';

const perCapture: Readonly<Record<ViewTopic, boolean>> = {
  'capture-sequence': false,
  'final-capture': false,
  'refund-balance': true,
  capture: true,
};

const viewNames = Object.keys(perCapture) as readonly ViewTopic[];

/**
 * What is wrong with a record that was published, in words; undefined where its topic is none of those.
 *
 * @param topics without a suite's prefix.
 */
export const flawsOfPublished = (
  record: SeenRecord,
  topics: TopicNames,
): readonly string[] | undefined => {
  const { topic } = record;
  if (topic.endsWith(topics.events)) return flawsOfEvent(record);
  if (topic.endsWith(topics.checkpoints)) return flawsOfCheckpoint(record);
  const view = viewNames.find((name) => topic.endsWith(topics[name]));
  if (view === undefined) return undefined;
  return record.value === null ? flawsOfTombstone(record, view) : flawsOfView(record, view);
};

/** Readers must bear headers that they do not know; that there are none of ours is for us to see. */
const flawsOfHeaders = (place: string, headers: HeaderTexts): readonly string[] => {
  const { properties } = published.get(place) as { properties: object };
  const unknown = Object.keys(headers).filter((name) => !Object.hasOwn(properties, name));
  return [...flawsBy(place, headers), ...unknown.map((name) => `${place}: it has no ${name}`)];
};

const keyOf = ({ key }: SeenRecord): string => key?.toString() ?? '';

const flawsOfEvent = (record: SeenRecord): readonly string[] => {
  const headers = headerTexts(record);
  const flaws = [...flawsOfHeaders('headers/event.json', headers)];
  const schema = `events/${headers['ce_type']}.json`;
  flaws.push(
    ...(published.has(schema)
      ? flawsBy(schema, objectIn(record))
      : ['there is no event of this type']),
  );
  const key = keyOf(record);
  if (headers['ce_subject'] !== `authorization-${key}`) {
    flaws.push(`ce_subject is not that of ${key}`);
  }
  return flaws;
};

const flawsOfView = (record: SeenRecord, view: ViewTopic): readonly string[] => {
  const shown = objectIn(record);
  const flaws = [
    ...flawsOfHeaders('headers/value.json', headerTexts(record)),
    ...flawsBy(`views/${view}.json`, shown),
  ];
  if (flaws.length > 0) return flaws;
  const { merchantAccountId, authorizationId, captureId, ledger } = shown as Json;
  const owner = `${String(merchantAccountId)}/${String(authorizationId)}`;
  const key = perCapture[view] ? `${owner}/${String(captureId)}` : owner;
  if (keyOf(record) !== key) flaws.push(`the key is not ${key}`);
  if ((ledger as Json)['stream'] !== `authorization-${owner}`) {
    flaws.push(`ledger.stream is not that of ${owner}`);
  }
  return flaws;
};

const flawsOfTombstone = (record: SeenRecord, view: ViewTopic): readonly string[] => {
  const flaws = Object.keys(headerTexts(record)).map((name) => `a tombstone has ${name}`);
  const parts = keyOf(record).split('/').length;
  if (parts !== (perCapture[view] ? 3 : 2)) flaws.push(`the key is none of ${view}`);
  return flaws;
};

const flawsOfCheckpoint = (record: SeenRecord): readonly string[] => {
  const flaws = [
    ...flawsOfHeaders('headers/value.json', headerTexts(record)),
    ...flawsBy('checkpoint.json', objectIn(record)),
  ];
  if (!/^(0|[1-9][0-9]*)$/.test(keyOf(record))) flaws.push('the key is no shard');
  return flaws;
};

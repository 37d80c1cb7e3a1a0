import type { RecordedEvent } from '#event-store/event-store.js';
import { encodeCheckpoint } from '#projections/publication-checkpoint.js';
import type { PublicationCheckpoint } from '#projections/publication-checkpoint.js';
import { multiple, requested, succeeded } from '../../capture/fixtures.js';
import { HistoryWriter, key, logOf } from '../history-writer.js';
import { GrowingLog } from './growing-log.js';
import { KeptTopics } from './kept-topics.js';
import { publishAll } from './publication.js';

/** So many authorizations, each registered and then captured. */
export const shopDay = (authorizations: number, merchant = 'shop'): readonly RecordedEvent[] => {
  const writer = new HistoryWriter();
  const keys = Array.from({ length: authorizations }, (_, index) => key(`a${index}`, merchant));
  return logOf([
    ...keys.map((to) => writer.encode(to, [multiple()])),
    ...keys.map((to) => writer.encode(to, [requested('c1', 10_00), succeeded('c1')])),
  ]);
};

/** It is all there, and the views show it. */
export const shownLog = (all: readonly RecordedEvent[]): GrowingLog => {
  const log = new GrowingLog(all);
  log.catchUp();
  return log;
};

/** Topics to which a log was published, and whose checkpoint then was changed. */
export const publishedWith = async (
  log: GrowingLog,
  changes: Partial<PublicationCheckpoint>,
): Promise<KeptTopics> => {
  const topics = new KeptTopics();
  await publishAll(log, topics);
  topics.checkpoint = encodeCheckpoint({ ...topics.at!, ...changes });
  return topics;
};

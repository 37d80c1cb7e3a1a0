import { publicationTopics } from './publication-topics.js';
import type { TopicNames } from './topic-names.js';
import { commandTopics } from './topics.js';
import type { TopicSpecification } from './topics.js';

/** All topics of one ledger. @param partitions of each that is made and has keys. */
export const ledgerTopics = (
  names: TopicNames,
  partitions: number,
): readonly TopicSpecification[] => [
  ...commandTopics(names, partitions),
  ...publicationTopics(names, partitions),
];

import type { TopicNames } from './topic-names.js';
import { atLeast, BATCH_BYTES, DAY_MS, exactly, notCompacted, replicated } from './topics.js';
import type { Expectation, TopicSpecification } from './topics.js';

/**
 * Every view fits. A stream has room for 10 MiB: all of one capture's last refunds are some 7 MB of it at
 * most, and all of an authorization's captures in brief 2 MB.
 */
const VIEW_BYTES = 8 * 1024 * 1024;

const HOUR_MS = DAY_MS / 24;

/** The topics of what a ledger publishes. @param partitions of each that is made and has keys. */
export const publicationTopics = (
  names: TopicNames,
  partitions: number,
): readonly TopicSpecification[] => [
  {
    name: names.events,
    partitions,
    expectations: [
      notCompacted('only the last event of each authorization would be left'),
      atLeast('max.message.bytes', BATCH_BYTES, {
        otherwise: 'promise-broken',
        why: 'events that do not fit would stop the publication',
      }),
      exactly('retention.ms', '-1', {
        otherwise: 'differs',
        why: 'events are meant to be kept for ever',
      }),
      ...replicated,
    ],
  },
  ...[
    names['capture-sequence'],
    names['refund-balance'],
    names['final-capture'],
    names.capture,
  ].map((name) => ({ name, partitions, expectations: viewExpectations })),
  {
    name: names.checkpoints,
    // One for each shard.
    partitions: 1,
    expectations: [
      compacted('a publication that stood still would be lost'),
      cleanedWhen('0.1'),
      exactly('segment.bytes', `${16 * 1024 * 1024}`, {
        otherwise: 'differs',
        why: 'whoever begins to publish reads all of it',
      }),
      cleanedWithin(HOUR_MS),
      ...replicated,
    ],
  },
  {
    name: names.leases,
    // Likewise. It has no records.
    partitions: 1,
    expectations: [],
  },
];

const compacted = (why: string): Expectation =>
  exactly('cleanup.policy', 'compact', { otherwise: 'promise-broken', why });

/** @param ratio of a partition that may be repeated keys. */
const cleanedWhen = (ratio: string): Expectation =>
  exactly('min.cleanable.dirty.ratio', ratio, {
    otherwise: 'differs',
    why: 'a new reader reads what is not cleaned up yet, too',
  });

const cleanedWithin = (milliseconds: number): Expectation =>
  exactly('max.compaction.lag.ms', `${milliseconds}`, {
    otherwise: 'differs',
    why: 'a new reader reads what is not cleaned up yet, too',
  });

const viewExpectations: readonly Expectation[] = [
  compacted('views that do not change for a while would be lost'),
  atLeast('max.message.bytes', VIEW_BYTES, {
    otherwise: 'promise-broken',
    why: 'one large authorization would stop the publication of all',
  }),
  cleanedWhen('0.2'),
  exactly('segment.ms', `${HOUR_MS}`, {
    otherwise: 'differs',
    why: 'only closed segments are cleaned up',
  }),
  exactly('min.compaction.lag.ms', '60000', {
    otherwise: 'differs',
    why: 'a reader that follows is meant to see every state',
  }),
  cleanedWithin(DAY_MS),
  atLeast('delete.retention.ms', 7 * DAY_MS, {
    otherwise: 'differs',
    why: 'a reader that was away for longer does not hear of keys that were deleted',
  }),
  ...replicated,
];

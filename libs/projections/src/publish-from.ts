import { encodeCheckpoint } from './publication-checkpoint.js';
import type { PublicationSink } from './publication-sink.js';
import { beginAt } from './publication-start.js';
import type { PublishedLog } from './published-log.js';
import { publishedViews } from './published-views.js';
import { eventIdAt } from './same-history.js';

/**
 * Where events are published from that may have been published before; a position is that of the last
 * event which is not.
 */
export type PublishFrom = 'start' | 'head' | number;

/**
 * Sets the checkpoint anew, whatever it was, and fences whoever is publishing: the next publisher goes on
 * from there, and publishes every key of every view once more.
 *
 * @returns the position.
 * @throws {RangeError} the store has no event at this position.
 * @throws what the store or the sink throws: nothing was changed.
 */
export const publishFrom = async (
  { store, sink }: Readonly<{ store: PublishedLog['store']; sink: PublicationSink }>,
  from: PublishFrom,
): Promise<number> => {
  const position = await positionOf(store, from);
  const eventId = await eventIdAt(store, position);
  if (eventId === undefined) throw new RangeError(`the store has no event at position ${position}`);
  const checkpoint = await beginAt({ store, views: publishedViews }, { position, eventId });
  try {
    await sink.open();
    await sink.publish([], encodeCheckpoint(checkpoint));
  } finally {
    await sink.close();
  }
  return position;
};

const positionOf = async (store: PublishedLog['store'], from: PublishFrom): Promise<number> => {
  if (from === 'start') return 0;
  return from === 'head' ? store.head() : from;
};

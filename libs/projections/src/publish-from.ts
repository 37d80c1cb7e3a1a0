import type { StoreIdentity } from '#event-store/event-store.js';
import { decodeCheckpoint, encodeCheckpoint } from './publication-checkpoint.js';
import { isFenced } from './publication-sink.js';
import type { PublicationSink } from './publication-sink.js';
import { beginAt } from './publication-start.js';
import type { PublishedLog } from './published-log.js';
import { publishedViews } from './published-views.js';
import { eventIdAt, isPlaceOf } from './same-history.js';

/**
 * Where events are published from that may have been published before; a position is that of the last
 * event which is not.
 */
export type PublishFrom = 'start' | 'head' | number;

/** Times that it is tried: whoever is fenced waits a while, so that a second try is rarely needed. */
const TRIES = 5;

/** The store has no event at the position from which it was to be published. */
export class NoEventAtPosition extends Error {
  override readonly name = 'NoEventAtPosition';

  constructor(position: number) {
    super(`the store has no event at position ${position}`);
  }
}

/** Readers know of another log, in this epoch or a later one: of what they have they would keep most. */
export class OtherLogPublished extends Error {
  override readonly name = 'OtherLogPublished';
}

/** What was published cannot be told: a newer build wrote it, or nobody did. */
export class CheckpointUnreadable extends Error {
  override readonly name = 'CheckpointUnreadable';

  constructor() {
    super('the checkpoint cannot be read by this build');
  }
}

type Parts = Readonly<{ store: PublishedLog['store']; sink: PublicationSink }>;

/** Where a publication stands that may be of another log. */
export type LastPublished = Readonly<{ position: number; epoch: number; isOfThisLog: boolean }>;

/**
 * What was published last, as far as it can be seen without fencing anybody; undefined where nothing was.
 *
 * @throws {CheckpointUnreadable}
 * @throws what the store or the sink throws.
 */
export const lastPublished = async ({ store, sink }: Parts): Promise<LastPublished | undefined> => {
  try {
    const bytes = await sink.lastCheckpoint();
    if (bytes === null) return undefined;
    const checkpoint = decodeCheckpoint(bytes);
    if (!checkpoint) throw new CheckpointUnreadable();
    const { position, epoch, asOf, asOfEventId } = checkpoint;
    const shown = { position: asOf, eventId: asOfEventId };
    const isOfThisLog = (await isPlaceOf(store, checkpoint)) && (await isPlaceOf(store, shown));
    return { position, epoch, isOfThisLog };
  } finally {
    await sink.close();
  }
};

/**
 * That what a store publishes takes the place of what readers have.
 *
 * @throws {OtherLogPublished} it would not.
 */
export const mustReplace = (
  { position, epoch, isOfThisLog }: LastPublished,
  store: StoreIdentity,
): void => {
  if (epoch > store.epoch)
    throw new OtherLogPublished(
      `epoch ${epoch} is published, and this store is in epoch ${store.epoch}`,
    );
  if (epoch === store.epoch && !isOfThisLog)
    throw new OtherLogPublished(
      `another log is published up to its position ${position}, in the same epoch ${epoch}`,
    );
};

/**
 * Sets the checkpoint anew, whatever it was, and fences whoever is publishing: the next publisher goes on
 * from there, and publishes every key of every view once more.
 *
 * @returns the position.
 * @throws {NoEventAtPosition} nothing was changed.
 * @throws what the store or the sink throws: it is not known whether anything was changed.
 */
export const publishFrom = async ({ store, sink }: Parts, from: PublishFrom): Promise<number> => {
  const position = await positionOf(store, from);
  const eventId = await eventIdAt(store, position);
  if (eventId === undefined) throw new NoEventAtPosition(position);
  const checkpoint = await beginAt({ store, views: publishedViews }, { position, eventId });
  try {
    await commitAlone(sink, encodeCheckpoint(checkpoint));
  } finally {
    await sink.close();
  }
  return position;
};

/** What was committed before does not matter here, and to read it takes longer than others wait. */
const commitAlone = async (sink: PublicationSink, checkpoint: Buffer): Promise<void> => {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      await sink.fence();
      return await sink.publish([], checkpoint);
    } catch (error) {
      if (left === 0 || !isFenced(error)) throw error;
    }
  }
};

const positionOf = async (store: PublishedLog['store'], from: PublishFrom): Promise<number> => {
  if (from === 'start') return 0;
  return from === 'head' ? store.head() : from;
};

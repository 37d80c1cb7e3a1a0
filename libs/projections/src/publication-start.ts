import { decodeCheckpoint } from './publication-checkpoint.js';
import type { PublicationCheckpoint, Versions } from './publication-checkpoint.js';
import type { PublicationSink } from './publication-sink.js';
import type { PublishedLog } from './published-log.js';
import type { PublishedView } from './published-views.js';
import { eventIdAt } from './same-history.js';

/** Where a publication goes on, or why it must not, in words for an operator. */
export type Start = Readonly<{ at: PublicationCheckpoint }> | Readonly<{ halt: string }>;

type Parts = Readonly<{
  store: PublishedLog['store'];
  sink: Pick<PublicationSink, 'holdsEvents'>;
  views: readonly PublishedView[];
}>;

/**
 * Where to go on from what a sink gave when it was opened. To go on from the checkpoint of another history,
 * or from nowhere, would give readers events twice or never, and views that are set back.
 */
export const startFrom = async (parts: Parts, bytes: Buffer | null): Promise<Start> => {
  const { store, sink, views } = parts;
  const { shard, epoch } = store.identity;
  if (bytes === null) {
    return (await sink.holdsEvents())
      ? { halt: `events are published, and there is no checkpoint of shard ${shard}: ${SAY_FROM}` }
      : { at: await beginAt(parts, { position: 0, eventId: '' }) };
  }
  const checkpoint = decodeCheckpoint(bytes);
  if (!checkpoint)
    return {
      halt: `the checkpoint of shard ${shard} cannot be read by this build: ${NEWER_BUILD}`,
    };
  const newer = newerThan(views, checkpoint);
  if (newer !== undefined) return { halt: `${newer} is published: ${NEWER_BUILD}` };
  if (checkpoint.epoch > epoch)
    return {
      halt: `epoch ${checkpoint.epoch} of the store is published, and this is epoch ${epoch} of it: start the newer store`,
    };
  if (checkpoint.epoch < epoch) return afterRestore(parts, checkpoint);
  const trouble = await otherHistory(store, checkpoint);
  return trouble === undefined ? { at: withRepublication(views, checkpoint) } : { halt: trouble };
};

/** A publication without a past: readers get every key of every view once more. */
export const beginAt = async (
  { store, views }: Pick<Parts, 'store' | 'views'>,
  { position, eventId }: Readonly<{ position: number; eventId: string }>,
): Promise<PublicationCheckpoint> => {
  const { epoch } = store.identity;
  // What was published before may have shown all of the log.
  const asOf = await store.head();
  return withRepublication(views, { position, eventId, epoch, asOf, views: {} });
};

const SAY_FROM =
  'say where to go on with "capture-ledger publish --from start", "head" or a position';
const NEWER_BUILD = 'start the newer build';

/**
 * The store was restored on purpose: what it has beyond that which was published, or in the place of it, is
 * new, and so are all of its views. Where its head is says nothing: it may have grown since.
 */
const afterRestore = async (parts: Parts, checkpoint: PublicationCheckpoint): Promise<Start> => {
  const { store } = parts;
  const agreed = await store.agreesUpTo(checkpoint.epoch);
  if (agreed === undefined)
    return {
      halt:
        `epoch ${checkpoint.epoch} of the store is published, and the store, in epoch ${store.identity.epoch}, ` +
        `does not know up to which event it is the same: ${SAY_FROM}`,
    };
  if (checkpoint.position <= agreed) {
    const trouble = await otherHistory(store, checkpoint);
    if (trouble !== undefined) return { halt: trouble };
  }
  const position = Math.min(checkpoint.position, agreed);
  const eventId = (await eventIdAt(store, position)) ?? '';
  return { at: await beginAt(parts, { position, eventId }) };
};

/** Why the checkpoint's event is not where it must be; undefined where it is. */
const otherHistory = async (
  store: Parts['store'],
  { position, eventId }: PublicationCheckpoint,
): Promise<string | undefined> => {
  if (eventId === '') return undefined;
  const found = await eventIdAt(store, position);
  if (found === eventId) return undefined;
  const there = found ?? `none, and ends at ${await store.head()}`;
  return (
    `event ${eventId} is published as that of position ${position}, and there the store has ${there}: ` +
    'it is not the store that was published; one from a backup is to be made by "capture-ledger restore"'
  );
};

/** What of the checkpoint this build is too old for. */
const newerThan = (
  views: readonly PublishedView[],
  { views: published, republication }: PublicationCheckpoint,
): string | undefined => {
  for (const { name, version } of views) {
    const most = Math.max(published[name] ?? 0, republication?.views[name] ?? 0);
    if (most > version) return `version ${most} of the view ${name}`;
  }
  return undefined;
};

/** With what there is to be published again, from where that stands. */
const withRepublication = (
  views: readonly PublishedView[],
  { republication, ...checkpoint }: PublicationCheckpoint,
): PublicationCheckpoint => {
  // A view that this build has not is not kept up to date, and is to begin anew in one that has it.
  const own = views.filter(({ name }) => checkpoint.views[name] !== undefined);
  const known = { ...checkpoint, views: versionsOf(own, checkpoint.views) };
  const outdated = views.filter(({ name, version }) => known.views[name] !== version);
  if (outdated.length === 0) return known;
  const wanted = versionsOf(outdated);
  if (republication && isSame(republication.views, wanted)) return { ...known, republication };
  const fresh = { views: wanted, after: 0, until: checkpoint.position };
  return { ...known, republication: fresh };
};

const versionsOf = (views: readonly PublishedView[], of?: Versions): Versions =>
  Object.fromEntries(views.map(({ name, version }) => [name, of?.[name] ?? version]));

const isSame = (one: Versions, other: Versions): boolean => {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
  );
};

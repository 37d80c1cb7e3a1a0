import { decodeCheckpoint } from './publication-checkpoint.js';
import type { PublicationCheckpoint, Versions } from './publication-checkpoint.js';
import type { Channel, PublicationSink } from './publication-sink.js';
import type { PublishedLog } from './published-log.js';
import type { PublishedView } from './published-views.js';
import { eventIdAt } from './same-history.js';
import type { ViewName } from './view-versions.js';

/** Where a publication goes on, or why it must not, in words for an operator. */
export type Start =
  | Readonly<{
      at: PublicationCheckpoint;
      /** To be committed before anything is written: what is aborted in a topic makes it look as if it were not lost. */
      first?: boolean;
    }>
  | Readonly<{ halt: string }>;

type Parts = Readonly<{
  store: PublishedLog['store'];
  sink: Pick<PublicationSink, 'holdsEvents' | 'neverWritten'>;
  views: readonly PublishedView[];
}>;

/**
 * Where to go on from the last checkpoint of a sink. To go on from the checkpoint of another history,
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
      halt: `epoch ${checkpoint.epoch} is published, and this store is in epoch ${epoch}: ${RIGHT_STORE}`,
    };
  const lost = await sink.neverWritten(['events', ...views.map(({ name }) => name)]);
  if (lost.has('events') && checkpoint.position > checkpoint.from)
    return {
      halt: `the events after position ${checkpoint.from} up to ${checkpoint.position} were published, and nothing was ever written to their topic, as where it was lost and made anew: ${SAY_FROM}`,
    };
  if (checkpoint.epoch < epoch) return afterRestore(parts, checkpoint);
  const trouble = await otherHistory(store, checkpoint);
  return trouble === undefined
    ? { at: withRepublication(views, withoutLost(lost, checkpoint)), first: lost.size > 0 }
    : { halt: trouble };
};

/** A publication without a past: readers get every key of every view once more. */
export const beginAt = async (
  { store, views }: Pick<Parts, 'store' | 'views'>,
  { position, eventId }: Readonly<{ position: number; eventId: string }>,
): Promise<PublicationCheckpoint> => {
  const { epoch } = store.identity;
  // What was published before may have shown all of the log.
  const asOf = await store.head();
  const asOfEventId = (await eventIdAt(store, asOf))!;
  const from = position;
  return withRepublication(views, { position, eventId, from, epoch, asOf, asOfEventId, views: {} });
};

const SAY_FROM =
  'say where to go on with "capture-ledger publish --from start", "head" or a position';
const NEWER_BUILD = 'start the newer build';
const RIGHT_STORE =
  'start the store that was published, put a backup in its place by "capture-ledger restore", or this store by "capture-ledger adopt"';
const NOT_RESTORED = `it is not the store that was published: ${RIGHT_STORE}`;

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
  const trouble = await otherHistory(store, checkpoint, agreed);
  if (trouble !== undefined) return { halt: trouble };
  const position = Math.min(checkpoint.position, agreed);
  const eventId = await eventIdAt(store, position);
  if (eventId === undefined)
    return {
      halt:
        `the store, in epoch ${store.identity.epoch}, is said to be that of epoch ${checkpoint.epoch} up to ` +
        `position ${agreed}, and ends at ${await store.head()}: ${NOT_RESTORED}`,
    };
  const at = await beginAt(parts, { position, eventId });
  return { at: { ...at, from: Math.min(checkpoint.from, position) } };
};

/** Of a view whose topic was lost, every key is to be published again, from the first. */
const withoutLost = (
  lost: ReadonlySet<Channel>,
  { views, republication, ...checkpoint }: PublicationCheckpoint,
): PublicationCheckpoint => {
  const isLost = (name: string) => lost.has(name as ViewName);
  const left = Object.entries(views).filter(([name]) => !isLost(name));
  const goesOn = republication && !Object.keys(republication.views).some(isLost);
  return { ...checkpoint, views: Object.fromEntries(left), ...(goesOn && { republication }) };
};

/**
 * Why the checkpoint's events, as far as they are not after `upTo`, are not where they must be; undefined
 * where they are. The last that views showed may be long after the last that was published: of a store
 * that was set back to between the two, readers have views of events that it lacks.
 */
const otherHistory = async (
  store: Parts['store'],
  { position, eventId, asOf, asOfEventId }: PublicationCheckpoint,
  upTo = Infinity,
): Promise<string | undefined> => {
  const places = [
    { is: 'is published as that of', position, eventId },
    { is: 'is shown by published views as that of', position: asOf, eventId: asOfEventId },
  ];
  for (const { is, ...place } of places) {
    if (place.position > upTo) continue;
    const found = await eventIdAt(store, place.position);
    if (found === place.eventId) continue;
    const there = found ?? `none, and ends at ${await store.head()}`;
    return `event ${place.eventId} ${is} position ${place.position}, and there the store has ${there}: ${NOT_RESTORED}`;
  }
  return undefined;
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

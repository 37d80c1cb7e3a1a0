/** View versions by the names of views. */
export type Versions = Readonly<Record<string, number>>;

/** A republication that is under way. */
export type Republication = Readonly<{
  /** What is being published: every key of these views, under these versions. */
  views: Versions;
  /** The rows of views.db are published whose keys are not greater. */
  after: number;
  /** The last that there was when it began: those that came since are published as they come. */
  until: number;
}>;

/** Where a publication stands. It is committed with what brought it there. */
export type PublicationCheckpoint = Readonly<{
  /** Of the last event that was published; 0 before the first. */
  position: number;
  /** Of the same event; '' before the first, and nowhere else. */
  eventId: string;
  /** Every event after this position, up to the last that was published, is on the topic. */
  from: number;
  /** Of the store that was published. */
  epoch: number;
  /**
   * The position up to which the views that were published show the log, which is beyond the events where
   * the projector was ahead. Nothing is published from views that are behind it: they may have been lost
   * since, and an older view would take the place of a newer one.
   */
  asOf: number;
  /** Of the event at `asOf`; '' before the first. */
  asOfEventId: string;
  /** The views whose every key is published, each in its version. */
  views: Versions;
  republication?: Republication;
}>;

export const encodeCheckpoint = (checkpoint: PublicationCheckpoint): Buffer => {
  const { position, eventId, from, epoch, asOf, asOfEventId, views, republication } = checkpoint;
  return Buffer.from(
    JSON.stringify({ position, eventId, from, epoch, asOf, asOfEventId, views, republication }),
  );
};

/**
 * What {@link encodeCheckpoint} wrote; undefined for anything else, a checkpoint with members that this
 * build does not know among it: to go on from half of one could set readers back.
 */
export const decodeCheckpoint = (bytes: Buffer): PublicationCheckpoint | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
  return isCheckpoint(value) ? value : undefined;
};

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isPosition: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isVersion: Check = (value) => isPosition(value) && Number(value) >= 1;
const isVersions: Check = (value) => isObject(value) && Object.values(value).every(isVersion);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasMembers = (members: Readonly<Record<string, Check>>, optional: string[] = []): Check => {
  const names = Object.entries(members);
  return (value) =>
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(members, name)) &&
    names.every(([name, check]) =>
      Object.hasOwn(value, name) ? check(value[name]) : optional.includes(name),
    );
};

const isRepublication = hasMembers({ views: isVersions, after: isPosition, until: isPosition });

const isWhole = hasMembers(
  {
    position: isPosition,
    eventId: isText,
    from: isPosition,
    epoch: isVersion,
    asOf: isPosition,
    asOfEventId: isText,
    views: isVersions,
    republication: isRepublication,
  },
  ['republication'],
);

/** Without the id of an event nothing could tell one history from another there. */
const namesItsEvents = ({ position, eventId, asOf, asOfEventId }: PublicationCheckpoint): boolean =>
  (position === 0) === (eventId === '') && (asOf === 0) === (asOfEventId === '');

const isCheckpoint = (value: unknown): value is PublicationCheckpoint =>
  isWhole(value) && namesItsEvents(value as PublicationCheckpoint);

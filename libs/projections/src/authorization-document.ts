import type { Authorization, Registered } from '#capture/authorization.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { evolve, initialState } from '#capture/evolve.js';
import { keyOf } from '#capture/stream-name.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import type { Instant } from '#capture/values.js';
import type { DecodedEvent } from '#event-store/event-codec.js';
import { StreamUnusable } from '#event-store/event-store.js';
import type { StoreIdentity } from '#event-store/event-store.js';
import { withEvent } from './capture-details.js';
import type { CaptureDetails } from './capture-details.js';
import type { Ledger } from './views.js';

/**
 * Raised whenever the same events are folded to another document, so that every process makes its own
 * anew. The versions of the views that show the difference are raised with it: see view-versions.ts.
 */
export const documentVersion = 2;

/**
 * All that the views show of one authorization: the state that `decide` works on, so that a view
 * shows what is enforced, and beside it what only readers care for.
 */
export type AuthorizationDocument = Readonly<{
  stream: string;
  /** Of the last event folded; -1 before the first. */
  revision: number;
  /** Of the same event; 0 before the first. */
  position: number;
  state: Authorization;
  /** When it was registered. */
  createdAt: Instant | null;
  updatedAt: Instant | null;
  /** One for each of `state.captures`, in the same order. */
  captures: readonly CaptureDetails[];
}>;

export const initialDocument = (stream: string): AuthorizationDocument => ({
  stream,
  revision: -1,
  position: 0,
  state: initialState,
  createdAt: null,
  updatedAt: null,
  captures: [],
});

/**
 * The document after the next event of its stream.
 *
 * @throws {StreamUnusable} it is not the next event, or the stream is no authorization's.
 * @throws {Error} the event does not fit what came before: it was not written by this ledger.
 */
export const evolveDocument = (
  document: AuthorizationDocument,
  event: DecodedEvent<AuthorizationEvent>,
): AuthorizationDocument => {
  const { revision, position, metadata } = event;
  if (revision !== document.revision + 1)
    throw new StreamUnusable(
      document.stream,
      `revision ${revision} stands where ${document.revision + 1} must`,
    );
  if (revision === 0) ownerOf(document);
  const { issuedAt } = metadata;
  const state = evolve(document.state, event);
  const moved = { ...document, revision, position, state };
  if (!isNews(event)) return moved;
  return {
    ...moved,
    createdAt: event.type === 'AuthorizationRegistered' ? issuedAt : document.createdAt,
    updatedAt: latest(document.updatedAt, issuedAt),
    captures: withEvent(document.captures, state, event),
  };
};

/**
 * Whose document it is.
 *
 * @throws {StreamUnusable} nobody's: the stream was not written by this ledger.
 */
export const ownerOf = ({ stream }: Pick<AuthorizationDocument, 'stream'>): AuthorizationKey => {
  const key = keyOf(stream);
  if (!key) throw new StreamUnusable(stream, 'this is not the name of an authorization’s stream');
  return key;
};

/** A refusal and a command without effect are no news of the authorization: nothing happened to it. */
const isNews = ({ type }: AuthorizationEvent): boolean =>
  type !== 'CommandRejected' && type !== 'CommandHadNoEffect';

/** Instants sort as their text does. */
const latest = (a: Instant | null, b: Instant): Instant => (a !== null && a > b ? a : b);

/** A registered authorization at one revision: what the views are cut from. */
export type AuthorizationAtRevision = Readonly<{
  document: AuthorizationDocument;
  registered: Registered;
  createdAt: Instant;
  ledger: Omit<Ledger, 'viewVersion'>;
}>;

/** Undefined where the document is of a stream without registration: such a stream has no views. */
export const atRevision = (
  document: AuthorizationDocument,
  { shard, epoch }: StoreIdentity,
): AuthorizationAtRevision | undefined => {
  const { stream, revision, position, state, createdAt } = document;
  if (!state.registered || createdAt === null) return undefined;
  const ledger = { stream, revision, position, shard, epoch };
  return { document, registered: state.registered, createdAt, ledger };
};

// What may be asked, and of whom: the reader folds the stream itself and is always current; the lists
// read views.db and say as of which position. Both know only the merchant account that they are asked
// for: what belongs to another is unknown, not forbidden.
import type { CaptureStatus } from '#capture/authorization.js';
import type { AuthorizationStatus } from '#capture/balances.js';
import type { AuthorizationEvent } from '#capture/events.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import type { Instant } from '#capture/values.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import type { AuthorizationView, CaptureView } from './views.js';

/**
 * Reads by authorization or capture. They see every event that was appended before they were asked,
 * whatever the projector does.
 *
 * Every method may reject with `StoreUnavailable` (ask again later), and with `UnknownEvent` (a newer
 * release wrote this; the process must end). Those that fold may reject with `StreamUnusable`: this one
 * authorization cannot be read.
 */
export interface AuthorizationReader {
  /**
   * The authorization after the event of revision `at` (default: the last). The views are cut from it
   * by `authorizationOf`, `captureSequenceOf`, `finalCaptureOf`, `captureOf` and `refundBalanceOf`.
   *
   * Undefined where it was not registered by then, also where its stream holds refusals or facts about
   * something unknown, and where the stream has not come as far as `at`.
   */
  read(key: AuthorizationKey, at?: number): Promise<AuthorizationAtRevision | undefined>;

  /**
   * What happened to an authorization, in order, refusals included, from revision `from` (default 0),
   * at most `limit` entries. Undefined where nothing was ever written.
   *
   * Unlike {@link read} it shows a stream that holds nothing but refusals: whose command was refused
   * because the authorization is unknown can see why.
   */
  history(key: AuthorizationKey, range: HistoryRange): Promise<HistoryPage | undefined>;

  /**
   * The authorizations that this name stands in, by authorization id: more than one where senders used
   * it on several. Empty where nobody did.
   *
   * @throws {ViewsUnavailable} too much of the log is not in the views yet: ask again later.
   */
  authorizationsNaming(
    merchantAccountId: string,
    kind: NameKind,
    name: string,
  ): Promise<readonly string[]>;
}

/** What an authorization can be looked up by: ids and references of what is in it. */
export type NameKind = 'capture' | 'refund' | 'payment' | 'external';

export type HistoryRange = Readonly<{ from?: number; limit: number }>;

export type HistoryPage = Readonly<{
  entries: readonly HistoryEntry[];
  /** The revision to go on `from`; null at the end. */
  next: number | null;
}>;

export type HistoryEntry = Readonly<{
  revision: number;
  position: number;
  eventId: string;
  /** An event changed something; a refusal and a command without effect did not; an anomaly wants a look. */
  kind: 'event' | 'refusal' | 'no_effect' | 'anomaly';
  type: AuthorizationEvent['type'];
  data: AuthorizationEvent['data'];
  who: Readonly<{ actor: string | null; commandId: string; commandType: string }>;
  when: Readonly<{ issuedAt: Instant; recordedAt: Instant }>;
  /** The reason of a refusal, the kind of an anomaly, or what the sender gave as its reason. */
  why: string | null;
}>;

/**
 * Lists of one merchant account, newest first, from views.db: as of a position, a little behind. Every
 * method may reject with `StoreUnavailable`: the views cannot be read now.
 */
export interface Lists {
  /** @throws {InvalidCursor | ViewsUnavailable} */
  authorizations(query: AuthorizationQuery): Promise<Page<AuthorizationView>>;

  /** @throws {InvalidCursor | ViewsUnavailable} */
  captures(query: CaptureQuery): Promise<Page<CaptureView>>;

  /** How far the views have come; 0 where there are none. */
  asOf(): Promise<number>;

  /**
   * Resolves with true as soon as the views have come as far as `position`, and with false if they
   * have not after so many milliseconds.
   */
  waitFor(position: number, milliseconds: number): Promise<boolean>;
}

export type PageQuery = Readonly<{
  merchantAccountId: string;
  /** 1 to 100. */
  limit: number;
  /** The `next` of the page before, as it was given. */
  cursor?: string;
}>;

export type AuthorizationQuery = PageQuery & Readonly<{ status?: AuthorizationStatus }>;

export type CaptureQuery = PageQuery &
  Readonly<{
    status?: CaptureStatus;
    /**
     * Only those that are requested or pending (uncertain or not), and were created before this instant, or
     * recorded, where the sender's clock was ahead.
     * No capture comes back to pending, so that they have been waiting since.
     */
    waitingSinceBefore?: Instant;
  }>;

export type Page<Item> = Readonly<{
  items: readonly Item[];
  /** Opaque; null at the end. What is created meanwhile does not move the pages that follow. */
  next: string | null;
  /** The position up to which the page shows the log. */
  asOf: number;
}>;

/**
 * The projector has yet to make the views, or has much of the log before it: an answer would leave out
 * what was written long ago, or take as long as reading the log.
 */
export class ViewsUnavailable extends Error {
  override readonly name = 'ViewsUnavailable';
}

/** The cursor is none that a list has given. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';

  constructor() {
    super('the cursor is none that this list has given');
  }
}

import type { StoreIdentity } from '#event-store/event-store.js';
import type { Clock } from '#runtime/clock.js';
import { atRevision } from './authorization-document.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { authorizationOf } from './authorization-view.js';
import { captureOf } from './capture-view.js';
import { cursorAfter, keyBefore } from './cursor.js';
import type { ListName } from './cursor.js';
import { decodeDocument } from './document-codec.js';
import { authorizationRows, captureRows } from './list-queries.js';
import type { ListedRow, Query } from './list-queries.js';
import type { AuthorizationQuery, CaptureQuery, Lists, Page, PageQuery } from './queries.js';
import type { AuthorizationView, CaptureView } from './views.js';
import type { ViewsReader } from './views-reader.js';

/** Milliseconds between two looks at how far the views have come. */
const POLL = 10;

const LONGEST_PAGE = 100;

/** The lists of `views.db`. */
export class ViewLists implements Lists {
  readonly #views: ViewsReader;
  readonly #identity: StoreIdentity;
  readonly #clock: Clock;

  constructor(views: ViewsReader, identity: StoreIdentity, clock: Clock) {
    this.#views = views;
    this.#identity = identity;
    this.#clock = clock;
  }

  async authorizations(query: AuthorizationQuery): Promise<Page<AuthorizationView>> {
    return this.#page('authorizations', query, authorizationRows, authorizationOf);
  }

  async captures(query: CaptureQuery): Promise<Page<CaptureView>> {
    return this.#page('captures', query, captureRows, captureInSequence);
  }

  async asOf(): Promise<number> {
    return this.#views.asOf();
  }

  async waitFor(position: number, milliseconds: number): Promise<boolean> {
    const until = this.#clock.now() + milliseconds;
    while (this.#views.asOf() < position) {
      if (this.#clock.now() >= until) return false;
      await this.#clock.wait(POLL);
    }
    return true;
  }

  #page<Asked extends PageQuery, View>(
    list: ListName,
    asked: Asked,
    queryFor: (asked: Asked, part: { before: number; count: number }) => Query,
    viewOf: (at: AuthorizationAtRevision, sequence: number) => View | undefined,
  ): Page<View> {
    const { limit, cursor } = asked;
    if (!Number.isInteger(limit) || limit < 1 || limit > LONGEST_PAGE)
      throw new RangeError(`a page has 1 to ${LONGEST_PAGE} items, not ${limit}`);
    // One more than is shown tells whether there is a next page.
    const { sql, values } = queryFor(asked, { before: keyBefore(list, cursor), count: limit + 1 });
    const { asOf, found } = this.#views.read((views) => ({
      asOf: views.asOf,
      found: views.rows<ListedRow>(sql, ...values),
    }));
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      items: this.#viewsOf(shown, viewOf),
      next: last ? cursorAfter(list, last[0]) : null,
      asOf,
    };
  }

  #viewsOf<View>(
    rows: readonly ListedRow[],
    viewOf: (at: AuthorizationAtRevision, sequence: number) => View | undefined,
  ): readonly View[] {
    // Captures of one authorization come close together, and share its document.
    const read = new Map<string, AuthorizationAtRevision | undefined>();
    return rows.flatMap(([, stream, json, sequence]) => {
      if (!read.has(stream))
        read.set(stream, atRevision(decodeDocument(stream, json), this.#identity));
      const at = read.get(stream);
      return (at && viewOf(at, sequence)) ?? [];
    });
  }
}

const captureInSequence = (
  at: AuthorizationAtRevision,
  sequence: number,
): CaptureView | undefined => {
  const capture = at.document.state.captures[sequence - 1];
  return capture && captureOf(at, capture.captureId);
};

import type { EventLog } from '#event-store/event-store.js';
import type { Clock } from '#runtime/clock.js';
import { atRevision } from './authorization-document.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { authorizationOf } from './authorization-view.js';
import { captureOf } from './capture-view.js';
import { cursorAfter, keyBefore } from './cursor.js';
import type { ListName } from './cursor.js';
import { decodeDocument } from './document-codec.js';
import { authorizationRows, captureRows, DOCUMENT } from './list-queries.js';
import type { ListedRow, Query } from './list-queries.js';
import { ViewsUnavailable } from './queries.js';
import type { AuthorizationQuery, CaptureQuery, Lists, Page, PageQuery } from './queries.js';
import type { AuthorizationView, CaptureView } from './views.js';
import type { Snapshot, ViewsReader } from './views-reader.js';

/** Milliseconds between two looks at how far the views have come. */
const POLL = 10;

const LONGEST_PAGE = 100;

/** What the lists must know of the log that the views are of. */
type Log = Pick<EventLog, 'identity' | 'head'>;

/** The lists of `views.db`. */
export class ViewLists implements Lists {
  readonly #views: ViewsReader;
  readonly #store: Log;
  readonly #clock: Clock;

  constructor(views: ViewsReader, store: Log, clock: Clock) {
    this.#views = views;
    this.#store = store;
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

  async #page<Asked extends PageQuery, View>(
    list: ListName,
    asked: Asked,
    queryFor: (asked: Asked, part: { before: number; count: number }) => Query,
    viewOf: (at: AuthorizationAtRevision, sequence: number) => View | undefined,
  ): Promise<Page<View>> {
    const { limit, cursor } = asked;
    if (!Number.isInteger(limit) || limit < 1 || limit > LONGEST_PAGE)
      throw new RangeError(`a page has 1 to ${LONGEST_PAGE} items, not ${limit}`);
    // One more than is shown tells whether there is a next page.
    const { sql, values } = queryFor(asked, { before: keyBefore(list, cursor), count: limit + 1 });
    const page = this.#views.read((views) => {
      if (!views.usable) return undefined;
      const found = views.rows<ListedRow>(sql, ...values);
      const shown = found.slice(0, limit);
      const last = found.length > limit ? shown.at(-1) : undefined;
      return {
        items: this.#viewsOf(views, shown, viewOf),
        next: last ? cursorAfter(list, last[0]) : null,
        asOf: views.asOf,
      };
    });
    if (page) return page;
    if ((await this.#store.head()) > 0) throw new ViewsUnavailable('the views are not made yet');
    return { items: [], next: null, asOf: 0 };
  }

  /** In the order of the rows. Each document is read once, and only one is held at a time. */
  #viewsOf<View>(
    snapshot: Snapshot,
    rows: readonly ListedRow[],
    viewOf: (at: AuthorizationAtRevision, sequence: number) => View | undefined,
  ): readonly View[] {
    const views: (View | undefined)[] = rows.map(() => undefined);
    const places = Map.groupBy(rows.entries(), ([, [, authorization]]) => authorization);
    for (const [authorization, listed] of places) {
      const at = this.#authorizationIn(snapshot, authorization);
      if (at) for (const [place, [, , sequence]] of listed) views[place] = viewOf(at, sequence);
    }
    return views.filter((view) => view !== undefined);
  }

  #authorizationIn(snapshot: Snapshot, id: number): AuthorizationAtRevision | undefined {
    const [row] = snapshot.rows<[stream: string, document: string]>(DOCUMENT, id);
    return row && atRevision(decodeDocument(...row), this.#store.identity);
  }
}

const captureInSequence = (
  at: AuthorizationAtRevision,
  sequence: number,
): CaptureView | undefined => {
  const capture = at.document.state.captures[sequence - 1];
  return capture && captureOf(at, capture.captureId);
};

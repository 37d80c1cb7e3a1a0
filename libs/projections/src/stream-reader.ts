import { streamOf } from '#capture/stream-name.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import { startOfChain, verifyChain } from '#event-store/chain.js';
import { StoreUnavailable } from '#event-store/event-store.js';
import type { EventLog, RecordedEvent } from '#event-store/event-store.js';
import { atRevision, initialDocument } from './authorization-document.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { decode, foldRecorded } from './fold-recorded.js';
import { entryOf } from './history-entry.js';
import { NameTail } from './name-tail.js';
import type { AuthorizationReader, HistoryPage, HistoryRange, NameKind } from './queries.js';
import type { ViewsReader } from './views-reader.js';

/** How often a look-up begins again because the views were made anew under it. */
const TRIES_MAX = 3;

/** Reads by authorization verify and fold its stream; look-ups by name add the tail of the log to the views. */
export class StreamReader implements AuthorizationReader {
  readonly #store: EventLog;
  readonly #views: ViewsReader;
  readonly #tail: NameTail;

  constructor(store: EventLog, views: ViewsReader) {
    this.#store = store;
    this.#views = views;
    this.#tail = new NameTail(store, () => views.asOf());
  }

  async read(key: AuthorizationKey, at?: number): Promise<AuthorizationAtRevision | undefined> {
    const stream = streamOf(key);
    const recorded = await this.#store.readStream(
      stream,
      at === undefined ? {} : { limit: at + 1 },
    );
    verifyChain(stream, recorded);
    if (at !== undefined && recorded.length <= at) return undefined;
    const { document, trouble } = foldRecorded(initialDocument(stream), recorded);
    if (trouble) throw trouble;
    return atRevision(document, this.#store.identity);
  }

  async history(
    key: AuthorizationKey,
    { from = 0, limit }: HistoryRange,
  ): Promise<HistoryPage | undefined> {
    const stream = streamOf(key);
    // One more than is shown tells whether there is a next page; the one before proves the first.
    const before = Math.min(from, 1);
    const recorded = await this.#store.readStream(stream, {
      from: from - before,
      limit: before + limit + 1,
    });
    if (recorded.length === 0 && (await this.#store.readStream(stream, { limit: 1 })).length === 0)
      return undefined;
    verifyPart(stream, recorded, from - before);
    const page = recorded.slice(before);
    return {
      entries: page.slice(0, limit).map((event) => entryOf(decode(event))),
      next: page[limit]?.revision ?? null,
    };
  }

  async authorizationsNaming(
    merchantAccountId: string,
    kind: NameKind,
    name: string,
  ): Promise<readonly string[]> {
    const prefix = streamOf({ merchantAccountId, authorizationId: '' });
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const { from, given } = await this.#tail.caughtUp();
      const { asOf, kept } = this.#views.read((views) => ({
        asOf: views.asOf,
        kept: views.rows<[string]>(STREAMS_NAMING, name, kind, merchantAccountId).flat(),
      }));
      if (asOf < from) continue;
      const recent = given.filter((one) => one.kind === kind && one.name === name);
      const streams = [...kept, ...recent.map(({ stream }) => stream)];
      const own = streams.filter((stream) => stream.startsWith(prefix));
      return [...new Set(own)].map((stream) => stream.slice(prefix.length)).toSorted();
    }
    throw new StoreUnavailable('busy', 'the views are made anew again and again');
  }
}

/**
 * Proves that events follow one another without gap from revision `from` on; of what precedes them only
 * where they are the stream's first.
 *
 * @throws {StreamUnusable}
 */
const verifyPart = (stream: string, events: readonly RecordedEvent[], from: number): void => {
  const [first] = events;
  if (!first) return;
  const start =
    from === 0
      ? startOfChain(stream)
      : { revision: from - 1, hash: decode(first).metadata.previous };
  verifyChain(stream, events, start);
};

const STREAMS_NAMING = `SELECT stream FROM names CROSS JOIN authorizations ON id = authorization
  WHERE name = ? AND kind = ? AND names.merchant = ?`;

import { streamOf } from '#capture/stream-name.js';
import { atRevision } from './authorization-document.js';
import { decodeDocument } from './document-codec.js';
import type { PublicationCheckpoint, Republication } from './publication-checkpoint.js';
import type { PublicationSink, PublishedRecord } from './publication-sink.js';
import { readShown, rowOfStream, rowsAfter } from './published-log.js';
import type { DocumentRow, PublishedLog } from './published-log.js';
import type { PublishedView } from './published-views.js';
import { ReadAhead } from './read-ahead.js';
import { subjectOf } from './record-key.js';
import { capturesOf, shownBy, tombstone, viewRecords } from './view-records.js';
import type { Snapshot } from './views-reader.js';

/** Rows, and bytes of their documents, that are published in one transaction, between two batches of events. */
const MOST = { rows: 500, bytes: 4 * 1024 * 1024 };

/** Keys of a topic that are looked up at a time, likewise. */
const KEYS_MAX = 500;

/** A piece of the work. */
export type RepublishingStep = Readonly<{
  records: readonly PublishedRecord[];
  checkpoint: PublicationCheckpoint;
}>;

type Page = Readonly<{ view: PublishedView; keys: readonly string[] }>;

/**
 * Publishes every key of the views whose version was raised, and then deletes the keys that their topics
 * hold and the new versions lack, a piece at a time. What comes meanwhile is published as it comes, under
 * the new versions, too. It lives as long as its sink is open; the checkpoint knows how far it was, but
 * for the deleting, which begins anew.
 */
export class Republishing {
  readonly #log: PublishedLog;
  readonly #views: readonly PublishedView[];
  readonly #sink: Pick<PublicationSink, 'keys'>;
  /** Called when keys have come that were waited for. */
  readonly #wake: () => void;
  #pages: ReadAhead<Page> | undefined;
  readonly #deleted = new Set<string>();

  constructor(
    parts: Readonly<{
      log: PublishedLog;
      views: readonly PublishedView[];
      sink: Pick<PublicationSink, 'keys'>;
      wake: () => void;
    }>,
  ) {
    this.#log = parts.log;
    this.#views = parts.views;
    this.#sink = parts.sink;
    this.#wake = parts.wake;
  }

  /** Keys that were deleted so far. */
  get deleted(): number {
    return this.#deleted.size;
  }

  /**
   * What is to be done next, on the checkpoint as it is now; undefined where nothing is, or not yet: the
   * views are behind, or the keys of a topic are being read.
   *
   * @throws the driver's error: the keys could not be read.
   */
  async next(at: PublicationCheckpoint): Promise<RepublishingStep | undefined> {
    const { republication } = at;
    if (!republication) return undefined;
    if (republication.after < republication.until) return this.#publish(at, republication);
    this.#pages ??= new ReadAhead(this.#keysOf(republication), this.#wake);
    const page = this.#pages.peek();
    if (page === 'over') return { records: [], checkpoint: over(at, republication) };
    return page && this.#delete(at, page.is);
  }

  async #publish(
    at: PublicationCheckpoint,
    republication: Republication,
  ): Promise<RepublishingStep | undefined> {
    const shown = await readShown(this.#log, at.asOf, (snapshot) =>
      rowsAfter(snapshot, republication, MOST),
    );
    if (!shown) return undefined;
    const views = this.#views.filter(({ name }) => republication.views[name] !== undefined);
    const records = shown.result.flatMap(([, stream, document]) => {
      const authorization = atRevision(decodeDocument(stream, document), this.#log.store.identity);
      return authorization ? viewRecords(views, authorization, capturesOf(authorization)) : [];
    });
    const after = shown.result.at(-1)?.[0] ?? republication.until;
    const checkpoint = { ...at, asOf: shown.asOf, republication: { ...republication, after } };
    return { records, checkpoint };
  }

  /** Looked up and deleted in one go: a key that is made later is published later, and stays. */
  async #delete(
    at: PublicationCheckpoint,
    { view, keys }: Page,
  ): Promise<RepublishingStep | undefined> {
    const shown = await readShown(this.#log, at.asOf, (snapshot) =>
      keys.filter((key) => !this.#isShown(snapshot, view, key)),
    );
    if (!shown) return undefined;
    this.#pages?.take();
    const lacking = new Set(
      shown.result.filter((key) => !this.#deleted.has(`${view.name} ${key}`)),
    );
    for (const key of lacking) this.#deleted.add(`${view.name} ${key}`);
    const records = [...lacking].map((key) => tombstone(view.name, key));
    return { records, checkpoint: { ...at, asOf: shown.asOf } };
  }

  #isShown(snapshot: Snapshot, view: PublishedView, key: string): boolean {
    const subject = subjectOf(key);
    const row: DocumentRow | undefined = subject && rowOfStream(snapshot, streamOf(subject));
    if (!subject || !row) return false;
    const at = atRevision(decodeDocument(row[1], row[2]), this.#log.store.identity);
    return at !== undefined && shownBy(view, at, subject) !== undefined;
  }

  async *#keysOf(republication: Republication): AsyncGenerator<Page> {
    for (const view of this.#views) {
      if (republication.views[view.name] === undefined) continue;
      for await (const keys of this.#sink.keys(view.name)) {
        for (let from = 0; from < keys.length; from += KEYS_MAX)
          yield { view, keys: keys.slice(from, from + KEYS_MAX) };
      }
    }
  }
}

const over = (
  { republication: _, ...at }: PublicationCheckpoint,
  { views }: Republication,
): PublicationCheckpoint => ({ ...at, views: { ...at.views, ...views } });

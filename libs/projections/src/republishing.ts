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

/** Rows of one transaction, between two batches of events. */
const ROWS_MAX = 500;

/** Bytes of their documents, or of the records made of them; the row that passes it is the last. */
const BYTES_MAX = 4 * 1024 * 1024;

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
  #deleted = 0;
  /** The keys that were deleted of the view that is gone through: they may come again, as often as they were written. */
  #gone: Readonly<{ of: PublishedView; keys: Set<string> }> | undefined;

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
    return this.#deleted;
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
    if (page === 'over') {
      this.#gone = undefined;
      return { records: [], checkpoint: over(at, republication) };
    }
    return page && this.#delete(at, page.is);
  }

  async #publish(
    at: PublicationCheckpoint,
    republication: Republication,
  ): Promise<RepublishingStep | undefined> {
    const shown = await readShown(this.#log, at.asOf, (snapshot) =>
      this.#nextRows(snapshot, republication),
    );
    if (!shown) return undefined;
    const { records, after } = shown.result;
    const checkpoint = { ...at, ...shown.moment, republication: { ...republication, after } };
    return { records, checkpoint };
  }

  /** The records of the next rows, and the key of the last of them. */
  #nextRows(
    snapshot: Snapshot,
    republication: Republication,
  ): Readonly<{ records: readonly PublishedRecord[]; after: number }> {
    const views = this.#views.filter(({ name }) => republication.views[name] !== undefined);
    const records: PublishedRecord[] = [];
    let bytes = 0;
    let after = republication.until;
    for (const [id, stream, document] of rowsAfter(snapshot, republication, ROWS_MAX)) {
      const authorization = atRevision(decodeDocument(stream, document), this.#log.store.identity);
      const made = authorization
        ? viewRecords(views, authorization, capturesOf(authorization))
        : [];
      records.push(...made);
      after = id;
      bytes += Math.max(document.length, bytesOf(made));
      if (bytes >= BYTES_MAX) break;
    }
    return { records, after };
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
    if (this.#gone?.of !== view) this.#gone = { of: view, keys: new Set() };
    const gone = this.#gone.keys;
    const records: PublishedRecord[] = [];
    for (const key of shown.result) {
      if (gone.has(key)) continue;
      gone.add(key);
      records.push(tombstone(view.name, key));
    }
    this.#deleted += records.length;
    return { records, checkpoint: { ...at, ...shown.moment } };
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

const bytesOf = (records: readonly PublishedRecord[]): number =>
  records.reduce((bytes, { value }) => bytes + (value?.length ?? 0), 0);

const over = (
  { republication: _, ...at }: PublicationCheckpoint,
  { views }: Republication,
): PublicationCheckpoint => ({ ...at, views: { ...at.views, ...views } });

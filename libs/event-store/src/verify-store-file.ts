import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startOfChain, verifyChain } from '#event-store/chain.js';
import type { ChainEnd } from '#event-store/chain.js';
import { StreamUnusable } from '#event-store/event-store.js';
import { digestOf } from '#event-store/file-digest.js';
import { asStoreTrouble, isDamage } from '#event-store/sqlite-errors.js';
import { SqliteReader } from '#event-store/sqlite-reader.js';
import { identityOf, versionOf } from '#event-store/sqlite-schema.js';
import { StoreRefused } from '#event-store/store-refused.js';

/** Events that are checked at a time: a few milliseconds, then everything else has its turn. */
const PAGE = 1_000;

/** What a file was found to hold: a whole store, which nobody writes to. */
export type StoreFile = Readonly<{
  /** Of the last event; 0 where there is none. */
  position: number;
  /** Of the last event; '' where there is none. */
  eventId: string;
  streams: number;
  epoch: number;
  bytes: number;
  /** In hexadecimal, as `sha256sum` writes it. */
  sha256: string;
}>;

/** How far a backup or a restore has come: `copying` counts bytes, `verifying` events. */
export type StoreFileProgress = Readonly<{
  doing: 'copying' | 'verifying';
  done: number;
  total: number;
}>;

/** Whoever asked for it hears how far it is, and may stop it. */
export type Followed = Readonly<{
  progress(progress: StoreFileProgress): void;
  /** Once it is aborted, everything is left, or put back, as it was. */
  signal: AbortSignal;
}>;

/** The file holds no store, or not a whole one; the message says what is wrong with it. */
export class StoreFileDamaged extends StoreRefused {
  override readonly name = 'StoreFileDamaged';
}

/**
 * Proves that `file` holds a whole store: that SQLite finds no fault in it, that its positions are
 * 1, 2, 3 … without gap, and that the chain of every stream is unbroken. The file is read as it stands,
 * nothing is written beside it, and it may be on a medium that cannot be written.
 *
 * Resolves with undefined where it was aborted.
 *
 * @throws {StoreFileDamaged} it is no store, or something is missing or wrong.
 * @throws {StoreRefused} a newer build wrote it.
 * @throws {StoreBroken} and the errors of `node:fs`: it cannot be read.
 */
export const verifyStoreFile = async (
  file: string,
  followed: Followed,
): Promise<StoreFile | undefined> => {
  const { size: bytes } = statSync(file);
  let contents: Contents | undefined;
  try {
    contents = await contentsOf(file, followed);
  } catch (error) {
    if (!isDamage(error) && !(error instanceof StreamUnusable)) throw asStoreTrouble(error);
    throw new StoreFileDamaged(`${file}: ${error.message}`);
  }
  const sha256 = await digestOf(file, { signal: followed.signal });
  return contents && sha256 !== undefined ? { ...contents, bytes, sha256 } : undefined;
};

type Contents = Omit<StoreFile, 'bytes' | 'sha256'>;

const contentsOf = async (file: string, followed: Followed): Promise<Contents | undefined> => {
  const database = openUnchanging(file);
  try {
    if (versionOf(database, file) === 0) throw new StoreFileDamaged(`${file} holds no store`);
    checkPages(database, file);
    const { epoch } = identityOf(database);
    const last = lastEventOf(database, file);
    const streams = await verifyChains(database, { file, total: last.position, ...followed });
    return streams === undefined ? undefined : { ...last, epoch, streams };
  } finally {
    database.close();
  }
};

/** What SQLite is told never changes it reads without locks, and without a log beside it. */
const openUnchanging = (file: string): DatabaseSync => {
  const address = pathToFileURL(file);
  address.searchParams.set('immutable', '1');
  return new DatabaseSync(address, { readOnly: true, returnArrays: true });
};

const checkPages = (database: DatabaseSync, file: string): void => {
  const row = database.prepare('PRAGMA integrity_check(1)').get();
  const [found] = row as unknown as [string];
  if (found !== 'ok') throw new StoreFileDamaged(`${file}: ${found}`);
};

const lastEventOf = (
  database: DatabaseSync,
  file: string,
): Readonly<{ position: number; eventId: string }> => {
  const row = database.prepare('SELECT count(*), ifnull(max(position), 0) FROM events').get();
  const [count, position] = row as unknown as [number, number];
  if (count !== position)
    throw new StoreFileDamaged(`${file}: there are ${count} events up to position ${position}`);
  const last = database.prepare('SELECT event_id FROM events WHERE position = ?').get(position);
  const [eventId] = (last as unknown as [string] | undefined) ?? [''];
  return { position, eventId };
};

/** The number of streams; undefined where it was aborted. */
const verifyChains = async (
  database: DatabaseSync,
  { file, total, progress, signal }: Followed & Readonly<{ file: string; total: number }>,
): Promise<number | undefined> => {
  const reader = new SqliteReader(database);
  let page = reader.byStream(undefined, PAGE);
  let at: Readonly<{ stream: string; end: ChainEnd }> | undefined;
  let streams = 0;
  for (let done = page.events.length; ; done += page.events.length) {
    for (const [stream, events] of Map.groupBy(page.events, (event) => event.stream)) {
      if (at?.stream !== stream) streams += 1;
      const before = at?.stream === stream ? at.end : startOfChain(stream);
      at = { stream, end: verifyChain(stream, events, before) };
    }
    if (page.events.length > 0) progress({ doing: 'verifying', done, total });
    if (signal.aborted) return undefined;
    if (!page.next) {
      if (done === total) return streams;
      throw new StoreFileDamaged(`${file}: ${total - done} events are of no stream`);
    }
    await turn();
    page = reader.byStream(page.next, PAGE);
  }
};

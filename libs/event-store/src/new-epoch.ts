import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { agreementsAfter } from '#event-store/agreements.js';
import type { Agreements } from '#event-store/agreements.js';
import { StoreBroken } from '#event-store/event-store.js';
import { asStoreTrouble } from '#event-store/sqlite-errors.js';
import { identityOf, migrate } from '#event-store/sqlite-schema.js';
import { lockedDatabase } from '#event-store/store-place.js';
import type { StorePlace } from '#event-store/store-place.js';

/**
 * Begins an epoch in a copy of a backup that is to be put in a place, and keeps what it has in common with
 * what stands there. Nobody else has the file open; all of it reaches the disk, and no log stays beside it.
 */
export const beginEpoch = (file: string, epoch: number, place: StorePlace): void => {
  const database = new DatabaseSync(file, { returnArrays: true });
  try {
    database.exec('PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL');
    migrate(database, file);
    begin(database, epoch, agreementsWith(place, database));
    database.exec('PRAGMA journal_mode=WAL');
  } finally {
    database.close();
  }
};

/** A store that nobody else can open, and the epoch that it can begin. */
export type HeldStore = Readonly<{
  epoch: number;
  /** Of no earlier epoch it is then known what of it readers have: all of the store is new to them. */
  begin: () => void;
  release: () => void;
}>;

/**
 * Holds a store that readers are to have in the place of another one, so that it can begin an epoch above those
 * that they have seen.
 *
 * @param seen epochs of which readers have something, whichever store it was.
 * @throws {StoreRefused} a newer build wrote it.
 * @throws {StoreUnavailable} a process has the store open.
 * @throws {StoreBroken} it cannot be read, or written; also from `begin`.
 */
export const holdForEpoch = (folder: string, seen: readonly number[]): HeldStore => {
  const file = join(folder, 'events.db');
  const database = lockedDatabase(file);
  if (!database) throw new StoreBroken(`${file} is damaged`);
  const release = () => database.close();
  try {
    database.exec('PRAGMA synchronous=FULL');
    migrate(database, file);
    const known = [...seen, ...agreementsIn(database).keys()];
    const epoch = Math.max(...known) + 1;
    return {
      epoch,
      begin: () => {
        try {
          begin(database, epoch, new Map(known.map((earlier) => [earlier, 0])));
        } catch (error) {
          throw asStoreTrouble(error);
        }
      },
      release,
    };
  } catch (error) {
    release();
    throw asStoreTrouble(error);
  }
};

const begin = (database: DatabaseSync, epoch: number, agreements: Agreements): void => {
  database.exec('BEGIN');
  database.prepare('UPDATE store SET epoch = ?').run(epoch);
  database.exec('DELETE FROM agreements');
  const keep = database.prepare('INSERT INTO agreements(epoch, position) VALUES (?, ?)');
  for (const [earlier, position] of agreements) keep.run(earlier, position);
  database.exec('COMMIT');
};

/** What is damaged, or of a build that kept nothing of its past, tells nothing. */
const agreementsWith = (place: StorePlace, database: DatabaseSync): Agreements => {
  const backup = agreementsIn(database);
  const told = place.tell((standing) =>
    agreementsAfter({
      backup,
      replaced: agreementsIn(standing),
      isSameAt: (position) => eventAt(standing, position) === eventAt(database, position),
    }),
  );
  return told ?? backup;
};

const agreementsIn = (database: DatabaseSync): Agreements => {
  const end = database.prepare('SELECT ifnull(max(position), 0) FROM events').get();
  const [position] = end as unknown as [number];
  const rows = database.prepare('SELECT epoch, position FROM agreements').all();
  const earlier = rows as unknown as readonly [epoch: number, position: number][];
  return new Map([...earlier, [identityOf(database).epoch, position]]);
};

/** All that tells it from others; undefined where there is none, or before the first. */
const eventAt = (database: DatabaseSync, position: number): string | undefined => {
  const row = database
    .prepare('SELECT event_id || time || data || metadata FROM events WHERE position = ?')
    .get(position) as unknown as [string] | undefined;
  return row?.[0];
};

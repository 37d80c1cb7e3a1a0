import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openForWriting } from '#projections/view-schema.js';
import { WalCheckpoints } from '#projections/wal-checkpoints.js';
import { temporaryFolder } from './fixtures.js';

const MEGABYTE = 1_024 * 1_024;

/** A file whose write-ahead log has so many megabytes. */
const withLog = (megabytes: number) => {
  const file = join(temporaryFolder(), 'views.db');
  const database = openForWriting(file);
  database.exec('CREATE TABLE t(x BLOB)');
  const insert = database.prepare('INSERT INTO t VALUES (?)');
  for (let number = 0; number < megabytes; number += 1) insert.run(new Uint8Array(MEGABYTE));
  const length = () => statSync(`${file}-wal`).size;
  return { file, database, length };
};

describe('the write-ahead log of the views', () => {
  it('is folded back once it is large', async () => {
    const { file, database, length } = withLog(33);
    const checkpoints = new WalCheckpoints(file);
    expect(length()).toBeGreaterThan(33 * MEGABYTE);
    await checkpoints.ifLarge();
    expect(length()).toBe(0);
    expect(database.prepare('SELECT count(*) FROM t').get()).toEqual([33]);
    await checkpoints.close();
    database.close();
  });

  it('is left alone while it is short', async () => {
    const { file, database, length } = withLog(2);
    const checkpoints = new WalCheckpoints(file);
    await checkpoints.ifLarge();
    expect(length()).toBeGreaterThan(2 * MEGABYTE);
    await checkpoints.close();
    database.close();
  });

  it('stays while somebody reads from it, and can be folded back later', async () => {
    const { file, database, length } = withLog(33);
    const reader = new DatabaseSync(file, { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM t');
    const checkpoints = new WalCheckpoints(file);
    await checkpoints.ifLarge();
    expect(length()).toBeGreaterThan(0);
    reader.exec('COMMIT');
    await checkpoints.ifLarge();
    expect(length()).toBe(0);
    await checkpoints.close();
    reader.close();
    database.close();
  });
});

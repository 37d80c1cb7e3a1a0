import { DatabaseSync } from 'node:sqlite';

const TABLES = ['checkpoint', 'authorizations', 'captures', 'names', 'unusable'];

/** Every row of a file of views, to the byte. */
export const rowsIn = (database: DatabaseSync): string =>
  TABLES.flatMap((table) =>
    database
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map((row) => `${table} ${JSON.stringify(row)}`)
      .toSorted(),
  ).join('\n');

export const rowsInFile = (file: string): string => {
  const database = new DatabaseSync(file, { readOnly: true, returnArrays: true });
  try {
    return rowsIn(database);
  } finally {
    database.close();
  }
};

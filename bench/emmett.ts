import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NO_STREAM } from '#event-store/event-store.js';
import type { AppendsEvents } from './appends-per-second.ts';

/** As much of `@event-driven-io/emmett-sqlite` as is measured. */
type Emmett = Readonly<{
  sqliteConnection: (options: { fileName: string }) => { close: () => void };
  getSQLiteEventStore: (options: object) => {
    schema: { migrate: () => Promise<void> };
    appendToStream: (
      stream: string,
      events: object[],
      options: { expectedStreamVersion: bigint | string },
    ) => Promise<{ nextExpectedStreamVersion: bigint }>;
  };
}>;

/**
 * Emmett's store on SQLite at its fastest that loses no append: one connection that all share. Its
 * default opens one for each append, and then refuses most of those that come at once. Undefined where
 * `bench/peers` is not installed.
 */
export const openEmmett = async (folder: string): Promise<AppendsEvents | undefined> => {
  const emmett = installed();
  if (!emmett) return undefined;
  const fileName = join(folder, 'emmett.db');
  const connection = emmett.sqliteConnection({ fileName });
  const store = emmett.getSQLiteEventStore({
    fileName,
    connectionOptions: { singleton: true, connection },
    schema: { autoMigration: 'None' },
  });
  await store.schema.migrate();
  return {
    append: async (stream, events, expectedRevision) => {
      const { nextExpectedStreamVersion } = await store.appendToStream(
        stream,
        events.map(({ type, data, metadata }) => ({ type, data, metadata })),
        {
          expectedStreamVersion:
            expectedRevision === NO_STREAM ? 'STREAM_DOES_NOT_EXIST' : BigInt(expectedRevision + 1),
        },
      );
      return { revision: Number(nextExpectedStreamVersion) - 1 };
    },
    close: async () => connection.close(),
  };
};

const installed = (): Emmett | undefined => {
  const requirePeer = createRequire(new URL('./peers/package.json', import.meta.url));
  try {
    return requirePeer('@event-driven-io/emmett-sqlite') as Emmett;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
};

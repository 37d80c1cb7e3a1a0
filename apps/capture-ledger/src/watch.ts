import type { SqliteEventStore } from '#event-store/sqlite-event-store.js';
import type { Lists } from '#projections/queries.js';
import type { PartHealth } from '#runtime/health.js';
import type { Runtime } from '#runtime/runtime.js';

/** What the projector of this process was last heard to be doing. */
export type ProjectorDoing = { now: string; unusable: number };

/** Why the last append was not made, and when; undefined once one was. */
export type StoreTrouble = { last: Readonly<{ why: string; at: number }> | undefined };

/**
 * Milliseconds for which an append that was not made says that the store is away. Whoever is told so
 * sends no more commands, and then no append would ever say that it is back.
 */
const TROUBLE_LASTS = 5_000;

/** Views that are this many events behind are worth a look. */
const LAG_MAX = 10_000;

/** A write-ahead log that is longer has an old reader somewhere, which keeps it from starting over. */
const WAL_BYTES_MAX = 256 * 1024 * 1024;

/** The event store as health has it. */
export const watchStore = (
  { clock, health }: Runtime,
  store: SqliteEventStore,
  trouble: StoreTrouble,
): void => {
  health.require('store', async () => {
    const { last } = trouble;
    if (last && clock.now() - last.at < TROUBLE_LASTS) return { status: 'down', detail: last.why };
    const walBytes = store.walBytes();
    const detail = `position ${await store.head()}, write-ahead log ${walBytes} bytes`;
    return walBytes > WAL_BYTES_MAX
      ? { status: 'degraded', detail: `${detail}: held by a reader for ${store.walHeldFor()} ms` }
      : { status: 'up', detail };
  });
};

/** How far the views are, for health and metrics: read from where they are kept, by whichever process. */
export const watchViews = (
  { health, metrics }: Runtime,
  {
    store,
    lists,
    doing,
  }: Readonly<{ store: SqliteEventStore; lists: Lists; doing: ProjectorDoing }>,
): void => {
  const positions = async () => ({
    head: await store.head(),
    shown: await lists.asOf(),
    walBytes: store.walBytes(),
  });
  metrics.readPositions(positions);
  health.watch('projector', async (): Promise<PartHealth> => {
    const { head, shown } = await positions();
    const { now, unusable } = doing;
    if (unusable > 0) return degraded(`${unusable} streams cannot be folded: see the log`);
    if (head - shown > LAG_MAX) return degraded(`${head - shown} events behind; ${now}`);
    return now === 'following' ? { status: 'up' } : degraded(now);
  });
};

const degraded = (detail: string): PartHealth => ({ status: 'degraded', detail });

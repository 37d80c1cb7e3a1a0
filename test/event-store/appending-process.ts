// A process of its own that appends, as fast as it can, to streams that it shares with nobody and to
// one that all such processes share. It prints a line for each append that was acknowledged.
// Run by plain Node: `node --conditions=ledger-source appending-process.ts FOLDER NAME APPENDS`.
import { hashOfEvent, startOfChain } from '#event-store/chain.js';
import { encodeEvents } from '#event-store/event-codec.js';
import { WrongExpectedRevision } from '#event-store/event-store.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';

const LANES = 8;
const SHARED = 'authorization-default/shared';

let decided = 0;

/** Appends one or two chained events where the stream stands; false where another was first. */
const appendOnce = async (store: EventStore, name: string, stream: string): Promise<boolean> => {
  const [last] = (await store.readStream(stream)).slice(-1);
  const { hash, revision } = last
    ? { hash: hashOfEvent(last), revision: last.revision }
    : startOfChain(stream);
  decided += 1;
  const commandId = `${name}-${decided}`;
  const metadata = {
    commandId,
    commandType: 'SetNextRefundAmount',
    fingerprint: '1:none',
    issuedAt: '2026-11-21T09:00:00.000Z',
    schemaVersion: 1,
  };
  const amounts = decided % 2 === 0 ? [100] : [100, 200];
  const { events } = encodeEvents(
    stream,
    hash,
    amounts.map((amount, commandIndex) => ({
      event: { type: 'NextRefundAmountSet', data: { captureId: 'cap-1', amount } },
      metadata: { ...metadata, commandIndex },
    })),
  );
  try {
    const appended = await store.append(stream, events, revision);
    const ids = events.map(({ eventId }) => eventId);
    process.stdout.write(`${JSON.stringify({ stream, ids, ...appended })}\n`);
    return true;
  } catch (error) {
    if (error instanceof WrongExpectedRevision) return false;
    throw error;
  }
};

const [folder, name, appends] = process.argv.slice(2) as [string, string, string];
const store = await openSqliteEventStore({ folder, clock: systemClock });
let left = Number(appends);
await Promise.all(
  Array.from({ length: LANES }, async (_, lane) => {
    for (let made = 0; left > 0; made += 1) {
      const own = `authorization-default/${name}-${lane}-${made >> 3}`;
      if (await appendOnce(store, name, lane === 0 ? SHARED : own)) left -= 1;
    }
  }),
);
await store.close();

// Appends under a limit on the size of files, which SQLite meets as an I/O error, and prints what
// those heard who were waiting then, and those who came later.
import { NO_STREAM } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';

const event = (length: number) => ({
  eventId: crypto.randomUUID(),
  type: 'CaptureSucceeded',
  data: JSON.stringify('x'.repeat(length)),
  metadata: '{}',
});
const nameOf = (outcome: PromiseSettledResult<unknown>): string =>
  outcome.status === 'rejected' ? (outcome.reason as Error).name : 'fulfilled';
const heard = async (asked: Promise<unknown>): Promise<string> =>
  nameOf((await Promise.allSettled([asked]))[0]);

const store = await openSqliteEventStore({ folder: process.argv[2]!, clock: systemClock });
await store.append('a', [event(10)], NO_STREAM);
const appends = ['b', 'c', 'd', 'e'].map((stream) =>
  store.append(stream, [event(1_000_000)], NO_STREAM),
);
const waiting = (await Promise.allSettled(appends)).map(nameOf);
const later = await heard(store.append('f', [event(10)], NO_STREAM));
const reading = await heard(store.readStream('a'));
process.stdout.write(JSON.stringify({ waiting, later, reading }));
await store.close();

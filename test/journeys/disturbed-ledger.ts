// A ledger that kills itself at a named point of its Nth append, after its Nth answer, or at a point of its
// Nth group of records. Run by plain Node on what was built: `node disturbed-ledger.ts after-append 20`. Its
// last word is where it died.
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { decoratedStore } from '#event-store/decorated-store.js';
import type { EventStore, NewEvent } from '#event-store/event-store.js';
import type { AroundKafka } from '#kafka/kafka.module.js';
import type { startLedger as StartLedger } from '../../apps/capture-ledger/src/ledger.js';

export type Point =
  'before-append' | 'after-append' | 'after-answer' | 'after-publish' | 'before-commit';

/** The commands that were at that point. */
export type LastWord = Readonly<{ killedAt: Point; commandIds: readonly string[] }>;

const [point, count] = process.argv.slice(2) as [Point, string];
let left = Number(count);

/** Ends this process as a power failure would: nothing is closed, nobody is told. */
const reached = (here: Point, commandIds: () => readonly string[]): void => {
  if (here !== point) return;
  left -= 1;
  if (left !== 0) return;
  const word: LastWord = { killedAt: here, commandIds: commandIds() };
  writeSync(1, `${JSON.stringify(word)}\n`);
  process.kill(process.pid, 'SIGKILL');
};

const commandsIn = (events: readonly NewEvent[]): readonly string[] => [
  ...new Set(
    events.map(({ metadata }) => (JSON.parse(metadata) as { commandId: string }).commandId),
  ),
];

const disturbed = (store: EventStore): EventStore =>
  decoratedStore(store, {
    append: async (stream, events, expectedRevision) => {
      reached('before-append', () => commandsIn(events));
      const appended = await store.append(stream, events, expectedRevision);
      reached('after-append', () => commandsIn(events));
      return appended;
    },
  });

// Node tells when the last byte of an answer has been handed to the operating system.
subscribe('http.server.response.finish', (told) => {
  const { headers } = (told as { request: IncomingMessage }).request;
  const commandId = headers['idempotency-key'];
  if (typeof commandId === 'string') reached('after-answer', () => [commandId]);
});

/** Between the ledger and Kafka: answers that are acknowledged, and a group that is worked off. */
const aroundKafka: AroundKafka = {
  sink: (sink) => ({
    publish: async (records, beat) => {
      await sink.publish(records, beat);
      reached('after-publish', () => records.map(({ headers }) => String(headers['ce_id'])));
    },
    close: () => sink.close(),
  }),
  source: (source) => ({
    start: (work) =>
      source.start(async (group) => {
        await work(group);
        reached('before-commit', () => group.records.map(({ key }) => String(key)));
      }),
    lag: () => source.lag(),
    stop: () => source.stop(),
  }),
};

// The ledger has decorators, which plain Node does not read: it is the built one.
const built = new URL('../../dist/apps/capture-ledger/src/ledger.js', import.meta.url);
const { startLedger } = (await import(built.href)) as { startLedger: typeof StartLedger };
const { url } = await startLedger({
  environment: process.env,
  aroundStore: disturbed,
  aroundKafka,
});
process.stdout.write(`Disturbed ledger listens on ${url}\n`);

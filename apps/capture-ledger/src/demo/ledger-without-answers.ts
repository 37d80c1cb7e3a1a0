// A ledger that makes appends durable and never says so: the process that step 8 of the demo kills
// between the append and the answer. It is composed as any other, around one decorator.
import 'reflect-metadata';
import type { EventStore } from '#event-store/event-store.js';
import { endInTrouble } from '#runtime/trouble.js';
import { startLedger } from '../ledger.js';

/** What this process tells its parent: where it listens, then what it has appended. */
export type Told = Readonly<{ url: string }> | Readonly<{ appendedRevision: number }>;

const tell = (told: Told): void => {
  process.send?.(told);
};

// Whoever started it has gone: nobody is left to kill it.
process.on('disconnect', () => process.exit());

const withoutAnswers = (store: EventStore): EventStore => ({
  identity: store.identity,
  append: async (...asked) => {
    const { revision } = await store.append(...asked);
    tell({ appendedRevision: revision });
    return new Promise(() => undefined);
  },
  readStream: (...asked) => store.readStream(...asked),
  readAll: (...asked) => store.readAll(...asked),
  readByStream: (...asked) => store.readByStream(...asked),
  head: () => store.head(),
  subscribe: (...asked) => store.subscribe(...asked),
  close: () => store.close(),
});

const { url } = await startLedger({ environment: process.env, aroundStore: withoutAnswers }).catch(
  endInTrouble,
);
tell({ url });

// A ledger that makes appends durable and never says so: the process that step 8 of the demo kills
// between the append and the answer. It is composed as any other, around one decorator.
import 'reflect-metadata';
import { decoratedStore } from '#event-store/decorated-store.js';
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

const withoutAnswers = (store: EventStore): EventStore =>
  decoratedStore(store, {
    append: async (...asked) => {
      const { revision } = await store.append(...asked);
      tell({ appendedRevision: revision });
      return new Promise(() => undefined);
    },
  });

const { url } = await startLedger({ environment: process.env, aroundStore: withoutAnswers }).catch(
  endInTrouble,
);
tell({ url });

import { startOfChain } from '#event-store/chain.js';
import { encodeEvents } from '#event-store/event-codec.js';
import type { EventStore } from '#event-store/event-store.js';
import { openSqliteEventStore } from '#event-store/sqlite-event-store.js';
import { systemClock } from '#runtime/system-clock.js';

/** Where streams stand, and the next events of each, chained as the ledger writes them. */
export class ChainedHistory {
  readonly #ends = new Map<string, Readonly<{ revision: number; hash: string }>>();

  /** Appends one event to a stream, with a note of so many characters. */
  async append(store: EventStore, stream: string, length = 100): Promise<void> {
    const { revision, hash } = this.#ends.get(stream) ?? startOfChain(stream);
    const metadata = {
      commandId: `cmd-${revision + 1}`,
      commandType: 'SetNextRefundAmount',
      commandIndex: 0,
      fingerprint: '1:none',
      issuedAt: '2026-11-21T09:00:00.000Z',
      schemaVersion: 1,
    };
    const event = { type: 'NextRefundAmountSet', data: { note: 'x'.repeat(length) } };
    const encoded = encodeEvents(stream, hash, [{ event, metadata }]);
    const appended = await store.append(stream, encoded.events, revision);
    this.#ends.set(stream, { revision: appended.revision, hash: encoded.hash });
  }
}

/** Makes a store in `folder` of `streams` streams with `each` events each, and closes it. */
export const fillStore = async (
  folder: string,
  { streams, each, length }: Readonly<{ streams: number; each: number; length?: number }>,
): Promise<void> => {
  const store = await openSqliteEventStore({ folder, clock: systemClock });
  const history = new ChainedHistory();
  for (let event = 0; event < each; event += 1)
    for (let stream = 0; stream < streams; stream += 1)
      await history.append(store, `authorization-default/auth-${stream}`, length);
  await store.close();
};

import { NO_STREAM } from '#event-store/event-store.js';
import type { NewEvent } from '#event-store/event-store.js';
import { EVENTS_OF_A_STREAM } from './sample-streams.ts';
import type { SampleStream } from './sample-streams.ts';

/** As much of a store as is measured here. */
export type AppendsEvents = Readonly<{
  append: (
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: number,
  ) => Promise<Readonly<{ revision: number }>>;
  close: () => Promise<void>;
}>;

/** Events a second, each appended by itself on top of the one before, in `inFlight` streams at once. */
export const appendsPerSecond = async (
  store: AppendsEvents,
  streams: readonly SampleStream[],
  inFlight: number,
): Promise<number> => {
  const queue = streams.values();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (const stream of queue) await appendOneByOne(store, stream);
    }),
  );
  return (streams.length * EVENTS_OF_A_STREAM * 1_000) / (performance.now() - started);
};

export const appendOneByOne = async (
  store: AppendsEvents,
  { name, events }: SampleStream,
): Promise<void> => {
  let revision = NO_STREAM;
  for (const event of events) ({ revision } = await store.append(name, [event], revision));
};

import { array, boolean, constant, integer, nat, oneof, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { NO_STREAM, WrongExpectedRevision } from '#event-store/event-store.js';
import type { Appended, EventStore, NewEvent } from '#event-store/event-store.js';
import { newEvents } from './new-events.ts';

type Append = Readonly<{ stream: number; size: number; offset: number; again: boolean }>;

/**
 * Rounds of appends that are sent together. Each is aimed `offset` beside where its stream stood
 * before the round, or is one that was sent before, sent once more.
 */
export const randomAppends: Arbitrary<Append[][]> = array(
  array(
    record({
      stream: nat(2),
      size: oneof(integer({ min: 1, max: 4 }), integer({ min: 15, max: 34 })),
      offset: oneof({ weight: 4, arbitrary: constant(0) }, integer({ min: -2, max: 2 })),
      again: boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  { minLength: 20, maxLength: 30 },
);

type Sent = Readonly<{ stream: string; events: readonly NewEvent[]; expected: number }>;
type Told = Sent & Readonly<{ result: Appended | WrongExpectedRevision }>;

/** Sends `rounds` to streams named after `name`, and compares what the store told with what it holds. */
export const tellsTheSameAs = async (
  store: EventStore,
  name: string,
  rounds: Append[][],
): Promise<void> => {
  const before = await store.head();
  const all: Told[] = [];
  for (const round of rounds) {
    const stood = new Map<string, number>();
    const sent = [];
    for (const { stream: number, size, offset, again } of round) {
      const stream = `${name}/${number}`;
      const at = stood.get(stream) ?? (await store.readStream(stream)).length - 1;
      stood.set(stream, at);
      const old = again ? all.findLast((told) => told.stream === stream) : undefined;
      const expected = Math.max(NO_STREAM, at + offset);
      sent.push(old ?? { stream, events: newEvents(size), expected });
    }
    const told = await Promise.all(sent.map((append) => tellOf(store, append)));
    someoneGotThrough(told, stood);
    all.push(...told);
  }
  const log = await store.readAll(before, 100_000);
  expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => before + 1 + index));
  const made = await whatWasTold(store, all);
  expect(log.map(({ eventId }) => eventId).toSorted()).toEqual([...made].toSorted());
};

const tellOf = async (store: EventStore, { stream, events, expected }: Sent): Promise<Told> => {
  try {
    return { stream, events, expected, result: await store.append(stream, events, expected) };
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
    return { stream, events, expected, result: error };
  }
};

/** Where any append of a round was aimed right, one was made. */
const someoneGotThrough = (told: readonly Told[], stood: ReadonlyMap<string, number>): void => {
  for (const [stream, revision] of stood) {
    const right = told.filter((it) => it.stream === stream && it.expected === revision);
    if (right.length > 0) expect(right.some(({ result }) => !(result instanceof Error))).toBe(true);
  }
};

/** The ids of the events that the store said it has, each found at the place that it told. */
const whatWasTold = async (store: EventStore, all: readonly Told[]): Promise<Set<string>> => {
  const ids = new Set<string>();
  for (const { stream, events, expected, result } of all) {
    if (result instanceof WrongExpectedRevision) continue;
    const stored = await store.readStream(stream, { from: expected + 1, limit: events.length });
    expect(stored).toMatchObject(events);
    expect(result).toEqual({
      revision: stored.at(-1)!.revision,
      position: stored.at(-1)!.position,
    });
    for (const { eventId } of events) ids.add(eventId);
  }
  return ids;
};

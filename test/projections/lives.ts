// Authorizations at random, of two merchant accounts, their events interleaved as commands come in.
import * as fc from 'fast-check';
import type { AuthorizationCommand } from '#capture/commands.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { anyCommands } from '../capture/arbitraries.js';
import { smallWorld } from '../capture/worlds.js';
import { HistoryWriter, key, logOf } from './history-writer.js';

export const keys: readonly AuthorizationKey[] = [
  key('auth-1'),
  key('auth-2'),
  key('auth-1', 'other'),
  key('auth-3'),
];

/** The log that commands to all of them leave, whatever was decided. */
export const anyLog: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .tuple(...keys.map((to) => anyCommands(smallWorld, to)))
  .chain((lives) => fc.tuple(fc.constant(lives), anyOrderOf(lives)))
  .map(([lives, order]) => {
    const writer = new HistoryWriter();
    return logOf(interleaved(lives, order).map((command) => writer.decide(command)));
  });

/** Whose command comes next, each time. */
const anyOrderOf = (lives: readonly (readonly unknown[])[]): fc.Arbitrary<readonly number[]> => {
  const turns = lives.flatMap((life, whose) => life.map(() => whose));
  return fc.shuffledSubarray(turns, { minLength: turns.length });
};

const interleaved = (
  lives: readonly (readonly AuthorizationCommand[])[],
  order: readonly number[],
): readonly AuthorizationCommand[] => {
  const left = lives.map((life) => life[Symbol.iterator]());
  return order.flatMap((whose) => left[whose]?.next().value ?? []);
};

/** Where a log is cut into batches. */
export const cutInto = <Item>(
  items: readonly Item[],
  sizes: readonly number[],
): readonly (readonly Item[])[] => {
  const batches: (readonly Item[])[] = [];
  for (let from = 0, turn = 0; from < items.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    batches.push(items.slice(from, from + size));
    from += size;
  }
  return batches;
};

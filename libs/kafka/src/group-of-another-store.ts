import type { PartitionStanding } from './group-standing.js';
import { decodeMark, isOwnMark } from './store-mark.js';
import type { StoreMark } from './store-mark.js';

/** The commands of a group are decided on another store, or on a later epoch of this one. */
export class GroupOfAnotherStore extends Error {
  override readonly name = 'GroupOfAnotherStore';
}

type Group = Readonly<{ groupId: string; topic: string }>;

/**
 * On two stores one command would be decided twice, and money taken twice.
 *
 * @throws {GroupOfAnotherStore} its message says which stores, and what an operator can do.
 */
export const refuseOtherStores = (
  standing: readonly PartitionStanding[],
  store: StoreMark,
  { groupId, topic }: Group,
): void => {
  const others = new Map<string, number[]>();
  for (const { partition, metadata } of standing) {
    const mark = decodeMark(metadata);
    if (!mark || isOwnMark(mark, store)) continue;
    const named = nameOf(mark);
    others.set(named, [...(others.get(named) ?? []), partition]);
  }
  if (others.size === 0) return;
  const found = Array.from(
    others,
    ([named, partitions]) => `${named} (partitions ${partitions.join(', ')} of ${topic})`,
  );
  throw new GroupOfAnotherStore(
    `the commands of the group ${groupId} were taken by ${found.join(' and by ')}, and this is ${nameOf(store)}: ` +
      'no command is taken. Set LEDGER_STORE to the folder of that store, or restore a backup of it; if it is lost, ' +
      'or this one is meant, stop the ledgers of the other and run "capture-ledger adopt" with the LEDGER_STORE of this one',
  );
};

const nameOf = ({ id, epoch }: StoreMark): string => `store ${id} in epoch ${epoch}`;

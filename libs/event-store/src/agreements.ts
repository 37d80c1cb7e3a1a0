/**
 * What a store knows of its lives: up to which position its history is that of each epoch, its own among
 * them. Each is a lower bound; of an epoch that is not there, nothing is known.
 */
export type Agreements = ReadonlyMap<number, number>;

type Histories = Readonly<{
  /** From whose end the store goes on. */
  backup: Agreements;
  /** In whose place it is put; empty where that does not tell. */
  replaced: Agreements;
  /** Whether the two hold the same event at a position. */
  isSameAt: (position: number) => boolean;
}>;

/**
 * What a store knows of earlier epochs that is made of a backup in the place of another store. Two
 * histories agree as far as both agree with a third: so it also agrees with what the replaced one knew, up
 * to where the backup agrees with that.
 *
 * A position too small lets events be published again; one too great would keep them from readers. So what
 * is said is looked at where it ends: if the two have lived under one epoch and differ there, as those of
 * different stores do, it is not known which of them readers have.
 */
export const agreementsAfter = ({ backup, replaced, isSameAt }: Histories): Agreements => {
  const common = inCommon(backup, replaced);
  if (common === undefined) return backup;
  if (!isSameAt(common)) return new Map([...backup].filter(([epoch]) => !replaced.has(epoch)));
  const agreements = new Map(backup);
  for (const [epoch, position] of replaced)
    agreements.set(epoch, Math.max(backup.get(epoch) ?? 0, Math.min(position, common)));
  return agreements;
};

/** Undefined where they know of no epoch that both agree with. */
const inCommon = (one: Agreements, other: Agreements): number | undefined => {
  const positions = [...one].flatMap(([epoch, position]) => {
    const there = other.get(epoch);
    return there === undefined ? [] : [Math.min(position, there)];
  });
  return positions.length > 0 ? Math.max(...positions) : undefined;
};

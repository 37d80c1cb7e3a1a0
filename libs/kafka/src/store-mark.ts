/** The store on which a ledger decides commands; see `SqliteEventStore.id` and {@link StoreIdentity}. */
export type StoreMark = Readonly<{ id: string; epoch: number }>;

/** What offsets are committed with: at most 4 096 characters, by the brokers' own limit. */
export const encodeMark = ({ id, epoch }: StoreMark): string => `${id}/${epoch}`;

/** What offsets were committed with; undefined where that was nothing. Words that are not ours are another store's. */
export const decodeMark = (metadata: string): StoreMark | undefined => {
  if (metadata === '') return undefined;
  const [, id = metadata, epoch = '0'] = /^(.+)\/(\d{1,15})$/.exec(metadata) ?? [];
  return { id, epoch: Number(epoch) };
};

/** Of those partitions that were committed with one. */
export const marksOf = (
  standing: readonly Readonly<{ metadata: string }>[],
): readonly StoreMark[] => standing.flatMap(({ metadata }) => decodeMark(metadata) ?? []);

/** Whether a store may go on from what is marked with `mark`: it made it itself, in this life or before a restore. */
export const isOwnMark = (mark: StoreMark, store: StoreMark): boolean =>
  mark.id === store.id && mark.epoch <= store.epoch;

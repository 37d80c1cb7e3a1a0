// Records of a view such as a reader must bear, of one key in this order.

export type ToldRecord = Readonly<{
  value: string | null;
  /** Whether the key has another view after it. */
  isNews: boolean;
  what: string;
}>;

export const viewAt = (epoch: number, viewVersion: number, revision: number): string =>
  JSON.stringify({ ledger: { stream: 'authorization-shop/a1', revision, epoch, viewVersion } });

const told = (what: string, value: string | null, isNews: boolean): ToldRecord => ({
  what,
  value,
  isNews,
});

export const story: readonly ToldRecord[] = [
  told('the first', viewAt(1, 1, 3), true),
  told('a later revision', viewAt(1, 1, 9), true),
  told('the same again', viewAt(1, 1, 9), false),
  told('an earlier revision', viewAt(1, 1, 4), false),
  told('a later one, with more digits', viewAt(1, 1, 10), true),
  told('a raised version of an earlier revision', viewAt(1, 2, 5), true),
  told('a later revision in the version before', viewAt(1, 1, 11), false),
  told('a restored ledger, which is not as far, of an older build', viewAt(2, 1, 1), true),
  told('what was there before it was restored', viewAt(1, 3, 12), false),
  told('it is deleted', null, true),
  told('it is there again, in a new version', viewAt(2, 3, 1), true),
];

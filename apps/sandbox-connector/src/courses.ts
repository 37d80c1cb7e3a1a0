/** What becomes of what a connector was asked for. */
export type Course =
  | 'succeeds'
  | 'is declined'
  | 'fails'
  | 'stays stuck'
  | 'times out'
  | 'succeeds late'
  | 'contradicts itself';

/** A connector's word on a capture. Of a refund it never says `uncertain`. */
export type Word = 'pending' | 'succeeded' | 'declined' | 'failed' | 'uncertain';

/** What is said at once, in this order, and what is said only later. */
export type Said = Readonly<{ atOnce: readonly Word[]; later?: Word }>;

/** By the last two digits of an amount in minor units. All other amounts succeed. */
const endings: ReadonlyMap<number, Course> = new Map([
  [1, 'is declined'],
  [2, 'fails'],
  [3, 'stays stuck'],
  [4, 'times out'],
  [5, 'succeeds late'],
  [6, 'contradicts itself'],
]);

/** @param amount in minor units, a whole number: 12 305 JPY and 123.05 EUR take the same course. */
export const courseOf = (amount: number): Course => endings.get(amount % 100) ?? 'succeeds';

/** A connector that has taken something over says `pending` before anything else. */
export const saidIn: Readonly<Record<Course, Said>> = {
  succeeds: { atOnce: ['pending', 'succeeded'] },
  'is declined': { atOnce: ['declined'] },
  fails: { atOnce: ['failed'] },
  'stays stuck': { atOnce: ['pending'] },
  'times out': { atOnce: ['uncertain'] },
  'succeeds late': { atOnce: ['pending'], later: 'succeeded' },
  'contradicts itself': { atOnce: ['pending', 'succeeded', 'declined'] },
};

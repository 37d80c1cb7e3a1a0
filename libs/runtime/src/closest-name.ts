/** How many letters must be changed, added or left out to make the one of the other (Levenshtein). */
const distance = (one: string, other: string): number => {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = one[row - 1] === other[column - 1] ? 0 : 1;
      current[column] = Math.min(
        above[column]! + 1,
        current[column - 1]! + 1,
        above[column - 1]! + changed,
      );
    }
    above = current;
  }
  return above[other.length]!;
};

/** Whether every word of the shorter name is in the longer one: LEDGER_PORT, LEDGER_HTTP_PORT. */
const sharesItsWords = (one: string, other: string): boolean => {
  const words = one.split('_');
  const others = other.split('_');
  const shared = words.filter((word) => others.includes(word)).length;
  // The prefix is shared by all: it says nothing.
  return shared >= 2 && shared === Math.min(words.length, others.length);
};

/** The known name that was probably meant; undefined where none is near. */
export const closestName = (name: string, known: readonly string[]): string | undefined => {
  const upper = name.toUpperCase();
  const byWords = known.find((candidate) => sharesItsWords(upper, candidate));
  if (byWords !== undefined) return byWords;
  const near = known
    .filter((candidate) => Math.abs(candidate.length - upper.length) <= 3)
    .map((candidate) => ({ candidate, changes: distance(upper, candidate) }))
    .filter(({ changes }) => changes <= 3)
    .toSorted((a, b) => a.changes - b.changes);
  return near[0]?.candidate;
};

/** All words of a union, for a run to know: one that is missing here is a type error. */
export const everyWord = <Word extends string>(
  words: Readonly<Record<Word, true>>,
): readonly Word[] => Object.keys(words) as Word[];

export type Cell = Readonly<{ row: string; column: string; cell: string }>;

/**
 * The cells of a table that is drawn as text: its first line names the columns, the first word of
 * each other line its row. A dot is an empty cell: nothing happens there.
 */
export const cellsOf = (drawn: string): readonly Cell[] => {
  const [head, ...rows] = drawn
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|').map((word) => word.trim()));
  if (!head) throw new Error('a table begins with the names of its columns');
  return rows.flatMap(([row = '', ...cells]) => {
    if (cells.length !== head.length - 1) throw new Error(`the row ${row} has not all its cells`);
    return cells.map((cell, index) => ({ row, column: head[index + 1] ?? '', cell }));
  });
};

/** What a word of a table stands for; a word that stands for nothing is a slip of the pen. */
export const meaningOf = <Meaning>(
  meanings: Readonly<Record<string, Meaning>>,
  word: string,
): Meaning => {
  const meaning = meanings[word];
  if (meaning === undefined) throw new Error(`nothing is called '${word}'`);
  return meaning;
};

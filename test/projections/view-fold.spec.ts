import * as fc from 'fast-check';
import type { RecordedEvent } from '#event-store/event-store.js';
import { StreamRows } from '#projections/stream-rows.js';
import { ViewFold } from '#projections/view-fold.js';
import { openFresh } from '#projections/view-schema.js';
import { ViewStore } from '#projections/view-store.js';
import { rowsIn } from './kept.js';
import { anyLog, cutInto } from './lives.js';

const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

/** The rows that a log makes in these batches; before each the process may have started anew. */
const projected = (batches: readonly (readonly RecordedEvent[])[], restarts = false): string => {
  const database = openFresh(':memory:');
  const views = new ViewStore(database);
  let fold = new ViewFold(views);
  for (const batch of batches) {
    if (restarts) fold = new ViewFold(views);
    fold.apply(batch);
  }
  return rowsIn(database);
};

/** The rows that the same log makes when it is read by stream, in pages of these sizes. */
const rebuilt = (log: readonly RecordedEvent[], sizes: readonly number[]): string => {
  const database = openFresh(':memory:');
  const views = new ViewStore(database);
  const rows = new StreamRows(views, () => undefined);
  const byStream = [...Map.groupBy(log, ({ stream }) => stream).values()].flat();
  for (const page of cutInto(byStream, sizes)) rows.add(page);
  rows.end();
  const { position, eventId } = log.at(-1)!;
  views.keep({ changes: [], unusable: [], checkpoint: { position, eventId } });
  return rowsIn(database);
};

/** The log with some revision of one stream missing, so that it cannot be folded from there on. */
const torn = (log: readonly RecordedEvent[], anywhere: number): readonly RecordedEvent[] =>
  log.toSpliced(anywhere % log.length, 1);

const property = (holds: (log: readonly RecordedEvent[], sizes: readonly number[]) => void) =>
  fc.assert(
    fc.property(anyLog, anySizes, fc.option(fc.nat()), (log, sizes, anywhere) =>
      holds(anywhere === null ? log : torn(log, anywhere), sizes),
    ),
    { numRuns: 30, endOnFailure: true },
  );

const unusableIn = (rows: string) => rows.split('\n').filter((row) => row.startsWith('unusable'));

describe('the rows that a log makes', () => {
  it('say of a stream from which an event is missing that it cannot be folded from there on', () =>
    fc.assert(
      fc.property(anyLog, fc.nat(), (log, anywhere) => {
        const { stream, revision } = log[anywhere % log.length]!;
        const isLast = !log.some((other) => other.stream === stream && other.revision > revision);
        const rows = unusableIn(projected(cutInto(torn(log, anywhere), [10])));
        const expected = `unusable ["${stream}",${revision},`;
        expect(rows.map((row) => row.slice(0, expected.length))).toEqual(isLast ? [] : [expected]);
      }),
      { numRuns: 30, endOnFailure: true },
    ));

  it('do not depend on where its batches begin and end', () =>
    property((log, sizes) => expect(projected(cutInto(log, sizes))).toBe(projected([log]))));

  it('do not depend on how often the process starts anew', () =>
    property((log, sizes) => expect(projected(cutInto(log, sizes), true)).toBe(projected([log]))));

  it('do not depend on how often an event is told', () =>
    property((log, sizes) => {
      const twice = cutInto(log, sizes).flatMap((batch, turn) =>
        turn % 2 === 0 ? [batch, batch] : [log.slice(0, log.indexOf(batch[0]!)), batch],
      );
      expect(projected(twice.filter(({ length }) => length > 0))).toBe(projected([log]));
    }));

  it('are the same, byte for byte, when they are rebuilt stream by stream', () =>
    property((log, sizes) => expect(rebuilt(log, sizes)).toBe(projected([log]))));
});

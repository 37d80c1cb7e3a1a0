import * as fc from 'fast-check';
import { decodeDocument, encodeDocument } from '#projections/document-codec.js';
import { foldRecorded } from '#projections/fold-recorded.js';
import { initialDocument } from '#projections/authorization-document.js';
import { anyCommands } from '../capture/arbitraries.js';
import { smallWorld } from '../capture/worlds.js';
import { HistoryWriter, logOf } from './history-writer.js';
import { documentOf } from './shown.js';

const anyHistory = anyCommands(smallWorld).map((commands) => {
  const writer = new HistoryWriter();
  return logOf(commands.map((command) => writer.decide(command)));
});

it('a document folds on as if it had never been kept and read back, to the same bytes', () =>
  fc.assert(
    fc.property(anyHistory, fc.nat(), (history, anywhere) => {
      const { stream } = history[0]!;
      const cut = anywhere % (history.length + 1);
      const kept = encodeDocument(
        foldRecorded(initialDocument(stream), history.slice(0, cut)).document,
      );
      const { document } = foldRecorded(decodeDocument(stream, kept), history.slice(cut));

      expect(encodeDocument(document)).toBe(encodeDocument(documentOf(history)));
      expect(document).toEqual(documentOf(history));
    }),
  ));

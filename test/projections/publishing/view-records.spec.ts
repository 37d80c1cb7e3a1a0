import * as fc from 'fast-check';
import { atRevision, initialDocument } from '#projections/authorization-document.js';
import { captureNamedIn } from '#projections/event-record.js';
import { foldRecorded } from '#projections/fold-recorded.js';
import { publishedViews } from '#projections/published-views.js';
import { recordKey, subjectOf } from '#projections/record-key.js';
import { capturesOf, viewRecords } from '#projections/view-records.js';
import { multiple, requested, succeeded } from '../../capture/fixtures.js';
import { anyCommands } from '../../capture/arbitraries.js';
import { smallWorld } from '../../capture/worlds.js';
import { HistoryWriter, key, logOf } from '../history-writer.js';
import { documentOf, identity } from '../shown.js';
import { comparable } from './expected-views.js';

const anyHistory = anyCommands(smallWorld).map((commands) => {
  const writer = new HistoryWriter();
  return logOf(commands.map((command) => writer.decide(command)));
});

const perCapture = publishedViews.filter(({ per }) => per === 'capture');

describe('the records of an authorization’s views', () => {
  const writer = new HistoryWriter();
  const log = logOf([
    writer.encode(key('a1', 'shop'), [multiple(), requested('c1', 10_00), succeeded('c1')]),
    writer.encode(key('a1', 'shop'), [requested('c2', 20_00, { sequence: 2 })]),
  ]);
  const at = atRevision(documentOf(log), identity)!;

  it('are one of each view of authorizations, and one of each view of captures for those asked for', () => {
    const records = viewRecords(publishedViews, at, ['c2']);
    expect(records.map(({ channel, key: of }) => `${channel} ${of}`)).toEqual([
      'capture-sequence shop/a1',
      'final-capture shop/a1',
      'refund-balance shop/a1/c2',
      'capture shop/a1/c2',
    ]);
    expect(viewRecords(publishedViews, at, capturesOf(at))).toHaveLength(6);
  });

  it('say in their value what they were folded from, in the version of their view', () => {
    const ledgers = viewRecords(publishedViews, at, ['c1']).map(
      ({ value }) => (JSON.parse(value!) as { ledger: object }).ledger,
    );
    const stream = 'authorization-shop/a1';
    expect(ledgers).toEqual(
      publishedViews.map(({ version }) => ({
        stream,
        revision: 3,
        position: 4,
        ...identity,
        viewVersion: version,
      })),
    );
  });

  it('are none of a capture that there is not', () => {
    expect(viewRecords(perCapture, at, ['unknown'])).toEqual([]);
  });

  it('have keys of which it can be told what they are of', () => {
    const records = viewRecords(publishedViews, at, ['c1', 'c2']);
    for (const record of records) expect(recordKey(subjectOf(record.key)!)).toBe(record.key);
    expect(subjectOf('shop/a1/c1/r1')).toBeUndefined();
    expect(subjectOf('shop')).toBeUndefined();
  });
});

it('the views of a capture that an event does not name are what they were, but for their revision', () =>
  fc.assert(
    fc.property(anyHistory, (history) => {
      let document = initialDocument(history[0]!.stream);
      for (const event of history) {
        const before = atRevision(document, identity);
        document = foldRecorded(document, [event]).document;
        const after = atRevision(document, identity);
        if (!before || !after) continue;
        const others = capturesOf(before).filter((one) => one !== captureNamedIn(event));
        for (const view of perCapture) {
          const valuesAt = (at: typeof before) =>
            viewRecords([view], at, others).map((one): [string, string] => [one.key, one.value!]);
          expect(comparable(view, valuesAt(after))).toEqual(comparable(view, valuesAt(before)));
        }
      }
    }),
    { numRuns: 25, endOnFailure: true },
  ));

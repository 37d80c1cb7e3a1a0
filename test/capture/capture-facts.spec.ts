import { authorizationDecider } from '#capture/decide.js';
import { stateAfter } from '../given-when-then.js';
import { begun, expectTrace, facts, histories, traces } from './capture-told.js';
import type { Past } from './capture-told.js';
import { anomaly, tell, tellCancel } from './commands.js';
import {
  authorization,
  failed,
  forwarded,
  requested,
  succeeded,
  uncertain,
  voidRequested,
} from './fixtures.js';
import { cellsOf, meaningOf } from './table.js';

describe('what a connector tells of a capture', () => {
  const cells = cellsOf(`
    from                  | pending | succeeded | declined | failed  | uncertain | reversed | canceled | not canceled
    requested             | pending | succeeded | declined | failed  | uncertain | reversed | canceled | .
    requested, void asked | pending | succeeded | declined | failed  | uncertain | reversed | canceled | kept
    pending               | .       | succeeded | declined | failed  | uncertain | reversed | canceled | .
    pending, void asked   | .       | succeeded | declined | failed  | uncertain | reversed | canceled | kept
    uncertain             | pending | succeeded | declined | failed  | .         | reversed | canceled | .
    succeeded             | .       | .         | anomaly  | anomaly | .         | reversed | canceled | .
    succeeded, void asked | .       | .         | anomaly  | anomaly | .         | reversed | canceled | kept
    forwarded             | .       | .         | anomaly  | anomaly | .         | reversed | canceled | .
    declined              | anomaly | succeeded | .        | .       | .         | .        | .        | .
    failed                | anomaly | succeeded | .        | .       | .         | .        | .        | .
    reversed              | anomaly | succeeded | .        | .       | .         | .        | .        | .
    failed, void asked    | anomaly | succeeded | .        | .       | .         | .        | .        | .
    canceled              | anomaly | late      | .        | .       | .         | .        | .        | anomaly
  `);

  it.each(cells)('told $column while $row: $cell', ({ row, column, cell }) =>
    expectTrace(meaningOf(histories, row), meaningOf(facts, column)(30), cell),
  );
});

describe('where a fact leaves the capture', () => {
  const cells = cellsOf(`
    from                  | pending             | uncertain                      | succeeded             | declined | failed | reversed | canceled | kept
    requested             | pending             | pending, uncertain             | succeeded             | declined | failed | failed   | canceled | requested
    requested, void asked | pending, void asked | pending, uncertain, void asked | succeeded, void asked | declined | failed | failed   | canceled | requested
    pending, void asked   | pending, void asked | pending, uncertain, void asked | succeeded, void asked | declined | failed | failed   | canceled | pending
    uncertain             | pending             | pending, uncertain             | succeeded             | declined | failed | failed   | canceled | pending, uncertain
    succeeded, void asked | -                   | -                              | -                     | -        | -      | failed   | canceled | succeeded
  `).filter(({ cell }) => cell !== '-');

  it.each(cells)('$row, then $column: $cell', ({ row, column, cell }) => {
    const fact = column === 'kept' ? tellCancel('failed') : meaningOf(facts, column)(30);
    const trace = meaningOf(traces, column)(fact);
    expect(standing([...meaningOf(histories, row), trace]).join(', ')).toBe(cell);
  });

  it('is certain once an operator has forwarded it', () => {
    expect(standing([...begun, uncertain('c1'), forwarded('c1')])).toEqual(['succeeded']);
  });

  it('is no longer being voided when it succeeds late', () =>
    expect(standing([...begun, voidRequested('c1'), failed('c1', 5), succeeded('c1')])).toEqual([
      'succeeded',
    ]));

  it('is as it was when a fact is an anomaly', () => {
    const told = anomaly('contradictory_outcome', tell('declined'));
    const history: Past = [authorization(), requested('c1', 60_00), succeeded('c1')];
    expect(standing([...history, told])).toEqual(['succeeded']);
  });
});

const standing = (history: Past) => {
  const [capture] = stateAfter(authorizationDecider, history).captures;
  if (!capture) throw new Error('every history here has a capture');
  const { status, uncertain: unsure, voidInFlight } = capture;
  return [status, ...(unsure ? ['uncertain'] : []), ...(voidInFlight ? ['void asked'] : [])];
};

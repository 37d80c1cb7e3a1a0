import { begun, expectTrace, facts, histories } from './capture-told.js';
import type { Past } from './capture-told.js';
import { anomaly, refund, tell, tellCancel, withoutEffect } from './commands.js';
import {
  at,
  canceled,
  forwarded,
  given,
  refundRequested,
  reversed,
  succeeded,
  voidRequested,
} from './fixtures.js';
import { cellsOf, meaningOf } from './table.js';

describe('what was told in another order than it occurred', () => {
  // Each history ended at(10): the fact occurred before that, at the same instant, or after it.
  const minutes = { before: 8, 'at that instant': 10, after: 12 };
  const cells = cellsOf(`
    history                      | before    | at that instant | after
    declined, told pending       | .         | .               | anomaly
    failed, told pending         | .         | .               | anomaly
    reversed, told pending       | .         | .               | anomaly
    canceled, told pending       | .         | .               | anomaly
    canceled, told not canceled  | anomaly   | anomaly         | anomaly
    declined, told succeeded     | succeeded | succeeded       | succeeded
    failed, told succeeded       | succeeded | succeeded       | succeeded
    reversed, told succeeded     | .         | .               | succeeded
    canceled, told succeeded     | .         | .               | late
    succeeded, told reversed     | .         | reversed        | reversed
    succeeded, told canceled     | .         | canceled        | canceled
    succeeded, told declined     | anomaly   | anomaly         | anomaly
    succeeded, told failed       | anomaly   | anomaly         | anomaly
    requested, told reversed     | reversed  | reversed        | reversed
    pending, told canceled       | canceled  | canceled        | canceled
    forwarded, told reversed     | reversed  | reversed        | reversed
  `);

  it.each(cells)('$row, $column: $cell', ({ row, column, cell }) => {
    const [state = '', told = ''] = row.split(', told ');
    const fact = meaningOf(facts, told)(meaningOf(minutes, column));
    expectTrace(meaningOf(histories, state), fact, cell);
  });
});

describe('what was told without effect still says when the money last moved', () => {
  const cells = cellsOf(`
    history, then told without effect at(20)         | told at(15) | told at(20) | told at(25)
    succeeded, without effect succeeded, reversed    | .           | reversed    | reversed
    succeeded, without effect succeeded, canceled    | .           | canceled    | canceled
    reversed, without effect reversed, succeeded     | .           | .           | succeeded
    reversed, without effect canceled, succeeded     | .           | .           | succeeded
    canceled, without effect canceled, succeeded     | .           | .           | late
    canceled, without effect reversed, succeeded     | .           | .           | late
    declined, without effect reversed, succeeded     | .           | .           | succeeded
    failed, without effect canceled, succeeded       | .           | .           | succeeded
    succeeded, without effect uncertain, reversed    | reversed    | reversed    | reversed
    declined, without effect failed, succeeded       | succeeded   | succeeded   | succeeded
  `);
  const minutes = { 'told at(15)': 15, 'told at(20)': 20, 'told at(25)': 25 };

  it.each(cells)('$row, $column: $cell', ({ row, column, cell }) => {
    const [state = '', silent = '', fact = ''] = row.split(/, without effect |, /u);
    const history = meaningOf(histories, state);
    const earlier = meaningOf(facts, silent)(20);
    given(...history)
      .when(earlier)
      .thenNothing();
    expectTrace(
      [...history, withoutEffect(earlier)],
      meaningOf(facts, fact)(meaningOf(minutes, column)),
      cell,
    );
  });

  it('keeps the latest word, in whatever order the words came', () => {
    const history: Past = [
      ...begun,
      succeeded('c1', 10),
      withoutEffect(tell('succeeded', { occurredAt: at(20) })),
      withoutEffect(tell('succeeded', { occurredAt: at(12) })),
    ];
    expectTrace(history, tell('reversed', { occurredAt: at(15) }), '.');
    expectTrace(history, tell('reversed', { occurredAt: at(20) }), 'reversed');
  });

  it('counts a reversal once, also after an operator forwarded the capture', () => {
    const history: Past = [...begun, succeeded('c1', 5), reversed('c1', 20), forwarded('c1')];
    expectTrace(history, tell('reversed', { occurredAt: at(20) }), '.');
    expectTrace(history, tell('reversed', { occurredAt: at(15) }), '.');
    expectTrace(history, tell('reversed', { occurredAt: at(21) }), 'reversed');
    expectTrace(history, tellCancel('succeeded', { occurredAt: at(20) }), '.');
  });
});

describe('a void is over, though the capture stands', () => {
  const asked: Past = [...begun, succeeded('c1', 10), voidRequested('c1')];

  it.each([
    ['its outcome', tellCancel('succeeded', { occurredAt: at(15) })],
    ['a reversal', tell('reversed', { occurredAt: at(15) })],
  ])('with %s that a later success has overtaken', (_, fact) => {
    const recaptured = [...asked, withoutEffect(tell('succeeded', { occurredAt: at(20) }))];
    expectVoidInFlight(recaptured);
    given(...recaptured)
      .when(fact)
      .thenNothing();
    expectVoidOver([...recaptured, withoutEffect(fact)]);
  });

  it('with a reversal that was overtaken and had another amount', () => {
    const fact = tell('reversed', { amount: 1, occurredAt: at(5) });
    given(...asked)
      .when(fact)
      .then(anomaly('amount_mismatch', fact));
    expectVoidOver([...asked, anomaly('amount_mismatch', fact)]);
  });

  it('and not with the outcome of an earlier one told again', () => {
    const earlier = [...begun, voidRequested('c1'), canceled('c1', 10), succeeded('c1', 12)];
    const again = tellCancel('succeeded', { occurredAt: at(10) });
    expectVoidInFlight([...earlier, voidRequested('c1'), withoutEffect(again)]);
    const recaptured = [...earlier, reversed('c1', 14), succeeded('c1', 16), voidRequested('c1')];
    expectTrace(recaptured, again, '.');
    expectVoidInFlight([...recaptured, withoutEffect(again)]);
  });

  it('and not with another success', () =>
    expectVoidInFlight([...asked, withoutEffect(tell('succeeded', { occurredAt: at(20) }))]));
});

it('the outcome of a void of a forwarded capture counts, though it is dated before the reversal', () => {
  const stuck: Past = [...begun, succeeded('c1', 5), reversed('c1', 20), forwarded('c1')];
  const asked = [...stuck, voidRequested('c1')];
  expectTrace(asked, tellCancel('succeeded', { occurredAt: at(15) }), 'canceled');
  expectTrace(asked, tellCancel('succeeded', { occurredAt: at(20) }), '.');
  expectTrace(asked, tell('reversed', { occurredAt: at(15) }), '.');
  expectTrace(stuck, tellCancel('succeeded', { occurredAt: at(15) }), '.');
});

const expectVoidOver = (history: Past): void =>
  given(...history)
    .when(refund('r1', 25_00))
    .then(refundRequested('c1', 'r1', 25_00));
const expectVoidInFlight = (history: Past): void =>
  given(...history)
    .when(refund('r1', 25_00))
    .thenRejected('cancel_in_flight');

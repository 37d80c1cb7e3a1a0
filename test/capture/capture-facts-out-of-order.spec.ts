import { begun, expectTrace, facts, histories } from './capture-told.js';
import type { Past } from './capture-told.js';
import { tell, tellCancel, withoutEffect } from './commands.js';
import { at, forwarded, given, reversed, succeeded } from './fixtures.js';
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

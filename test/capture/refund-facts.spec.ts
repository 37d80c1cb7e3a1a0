import { payloadOf } from '#capture/commands.js';
import type { RecordRefundOutcome, RefundOutcome } from '#capture/commands.js';
import { authorizationDecider } from '#capture/decide.js';
import type { AuthorizationEvent } from '#capture/events.js';
import type { History } from '../given-when-then.js';
import { stateAfter } from '../given-when-then.js';
import { anomaly, tellRefund, voidRefund, withoutEffect } from './commands.js';
import {
  at,
  authorization,
  captured,
  given,
  refundDeclined,
  refundFailed,
  refundForwarded,
  refundPending,
  refundRequested,
  refundReversed,
  refundSucceeded,
  refundVoidRequested,
  refundVoided,
} from './fixtures.js';
import { cellsOf, meaningOf } from './table.js';

type Past = History<AuthorizationEvent>;

const begun: Past = [
  authorization(),
  captured('c1', 60_00, { final: true }),
  refundRequested('c1', 'r1', 25_00),
];
const histories: Readonly<Record<string, Past>> = {
  requested: begun,
  pending: [...begun, refundPending('r1', 5)],
  succeeded: [...begun, refundSucceeded('r1', 10)],
  forwarded: [...begun, refundPending('r1', 5), refundForwarded('r1')],
  declined: [...begun, refundDeclined('r1', 10)],
  failed: [...begun, refundFailed('r1', 10)],
  reversed: [...begun, refundSucceeded('r1', 5), refundReversed('r1', 10)],
  voided: [...begun, refundVoided('r1', 10)],
};

const dataOf = (fact: RecordRefundOutcome) => {
  const { captureId, refundId, occurredAt } = payloadOf(fact);
  return { captureId, refundId, occurredAt };
};

/** What a word of the tables leaves in the history. */
const traces: Readonly<
  Record<string, (fact: RecordRefundOutcome) => readonly AuthorizationEvent[]>
> = {
  '.': () => [],
  pending: (fact) => [{ type: 'RefundPending', data: dataOf(fact) }],
  succeeded: (fact) => [{ type: 'RefundSucceeded', data: dataOf(fact) }],
  late: (fact) => [{ type: 'RefundSucceeded', data: dataOf(fact) }, anomaly('late_success', fact)],
  declined: (fact) => [{ type: 'RefundDeclined', data: dataOf(fact) }],
  failed: (fact) => [{ type: 'RefundFailed', data: dataOf(fact) }],
  voided: (fact) => [{ type: 'RefundVoided', data: dataOf(fact) }],
  reversed: (fact) => [{ type: 'RefundReversed', data: dataOf(fact) }],
  anomaly: (fact) => [anomaly('contradictory_outcome', fact)],
};

const expectTrace = (history: Past, fact: RecordRefundOutcome, word: string): void =>
  given(...history)
    .when(fact)
    .then(...meaningOf(traces, word)(fact));

describe('what a connector tells of a refund', () => {
  const cells = cellsOf(`
    from      | pending | succeeded | declined | failed  | voided | reversed
    requested | pending | succeeded | declined | failed  | voided | reversed
    pending   | .       | succeeded | declined | failed  | voided | reversed
    succeeded | .       | .         | anomaly  | anomaly | voided | reversed
    forwarded | .       | .         | anomaly  | anomaly | voided | reversed
    declined  | anomaly | succeeded | .        | .       | .      | .
    failed    | anomaly | succeeded | .        | .       | .      | .
    reversed  | anomaly | succeeded | .        | .       | .      | .
    voided    | anomaly | late      | .        | .       | .      | .
  `);

  it.each(cells)('told $column while $row: $cell', ({ row, column, cell }) =>
    expectTrace(meaningOf(histories, row), tellRefund(column as RefundOutcome), cell),
  );
});

describe('what was told of a refund in another order than it occurred', () => {
  // Each history ended at(10): the fact occurred before that, at the same instant, or after it.
  const minutes = { before: 8, 'at that instant': 10, after: 12 };
  const cells = cellsOf(`
    history                   | before    | at that instant | after
    declined, told pending    | .         | .               | anomaly
    failed, told pending      | .         | .               | anomaly
    reversed, told pending    | .         | .               | anomaly
    voided, told pending      | .         | .               | anomaly
    declined, told succeeded  | succeeded | succeeded       | succeeded
    failed, told succeeded    | succeeded | succeeded       | succeeded
    reversed, told succeeded  | .         | .               | succeeded
    voided, told succeeded    | .         | .               | late
    succeeded, told reversed  | .         | reversed        | reversed
    succeeded, told voided    | .         | voided          | voided
    succeeded, told declined  | anomaly   | anomaly         | anomaly
    requested, told voided    | voided    | voided          | voided
  `);

  it.each(cells)('$row, $column: $cell', ({ row, column, cell }) => {
    const [state = '', outcome = ''] = row.split(', told ');
    const fact = tellRefund(outcome as RefundOutcome, {
      occurredAt: at(meaningOf(minutes, column)),
    });
    expectTrace(meaningOf(histories, state), fact, cell);
  });
});

describe('what was told of a refund without effect still says when the money last moved', () => {
  const minutes = { 'told at(15)': 15, 'told at(20)': 20, 'told at(25)': 25 };
  const cells = cellsOf(`
    history, then told without effect at(20)       | told at(15) | told at(20) | told at(25)
    succeeded, without effect succeeded, reversed  | .           | reversed    | reversed
    succeeded, without effect succeeded, voided    | .           | voided      | voided
    reversed, without effect reversed, succeeded   | .           | .           | succeeded
    voided, without effect voided, succeeded       | .           | .           | late
    declined, without effect reversed, succeeded   | .           | .           | succeeded
    failed, without effect voided, succeeded       | .           | .           | succeeded
  `);

  it.each(cells)('$row, $column: $cell', ({ row, column, cell }) => {
    const [state = '', silent = '', outcome = ''] = row.split(/, without effect |, /u);
    const history = meaningOf(histories, state);
    const earlier = tellRefund(silent as RefundOutcome, { occurredAt: at(20) });
    given(...history)
      .when(earlier)
      .thenNothing();
    const fact = tellRefund(outcome as RefundOutcome, {
      occurredAt: at(meaningOf(minutes, column)),
    });
    expectTrace([...history, withoutEffect(earlier)], fact, cell);
  });

  it('counts a reversal once, also after an operator forwarded the refund', () => {
    const history: Past = [...begun, refundSucceeded('r1', 5), refundReversed('r1', 20)];
    const again = [...history, refundForwarded('r1')];
    expectTrace(again, tellRefund('reversed', { occurredAt: at(20) }), '.');
    expectTrace(again, tellRefund('reversed', { occurredAt: at(21) }), 'reversed');
  });
});

describe('where a fact leaves the refund', () => {
  const standing = (history: Past) => {
    const refund = stateAfter(authorizationDecider, history).captures[0]?.refunds[0];
    return [refund?.status, ...(refund?.voidInFlight ? ['void asked'] : [])].join(', ');
  };
  const voiding: Past = [...begun, refundVoidRequested('r1')];
  const cells = cellsOf(`
    from                  | pending             | succeeded             | declined | failed | reversed | voided
    requested             | pending             | succeeded             | declined | failed | failed   | voided
    requested, void asked | pending, void asked | succeeded, void asked | declined | failed | failed   | voided
  `);

  it.each(cells)('$row, then $column: $cell', ({ row, column, cell }) => {
    const trace = meaningOf(traces, column)(tellRefund(column as RefundOutcome));
    expect(standing([...(row === 'requested' ? begun : voiding), trace])).toBe(cell);
  });

  it('succeeded once an operator has forwarded it', () =>
    expect(standing([...begun, refundPending('r1'), refundForwarded('r1')])).toBe('succeeded'));
});

it('a void of a refund is over with an outcome that a later success has overtaken', () => {
  const history: Past = [...begun, refundVoidRequested('r1'), refundSucceeded('r1', 12)];
  const fact = tellRefund('voided', { occurredAt: at(11) });
  given(...history)
    .when(fact)
    .thenNothing();
  given(...history, withoutEffect(fact))
    .when(voidRefund())
    .thenRejected('refund_not_voidable', { status: 'succeeded' });
});

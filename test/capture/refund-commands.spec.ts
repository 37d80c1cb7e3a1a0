import type { AuthorizationCommand } from '#capture/commands.js';
import type { AuthorizationEvent } from '#capture/events.js';
import type { Rejection } from '#capture/rejections.js';
import type { History } from '../given-when-then.js';
import { forwardRefund, voidRefund } from './commands.js';
import {
  authorization,
  canceled,
  captured,
  given,
  multiple,
  refundDeclined,
  refunded,
  refundFailed,
  refundForwarded,
  refundPending,
  refundRequested,
  refundReversed,
  refundSucceeded,
  refundVoided,
  refundVoidRequested,
  reversed,
  voidRequested,
} from './fixtures.js';
import { cellsOf, meaningOf } from './table.js';

const taken: History<AuthorizationEvent> = [
  authorization(),
  captured('c1', 60_00, { final: true }),
];
const begun = [...taken, refundRequested('c1', 'r1', 25_00)];
const histories: Readonly<Record<string, History<AuthorizationEvent>>> = {
  requested: begun,
  pending: [...begun, refundPending('r1')],
  succeeded: [...taken, refunded('c1', 'r1', 25_00)],
  declined: [...begun, refundDeclined('r1', 12)],
  failed: [...begun, refundFailed('r1', 12)],
  reversed: [...taken, refunded('c1', 'r1', 25_00), refundReversed('r1', 18)],
  voided: [...begun, refundVoided('r1')],
  'requested, void asked': [...begun, refundVoidRequested('r1')],
  'pending, void asked': [...begun, refundPending('r1'), refundVoidRequested('r1')],
  'succeeded, void asked': [...begun, refundVoidRequested('r1'), refundSucceeded('r1')],
  'failed, void asked': [...begun, refundVoidRequested('r1'), refundFailed('r1')],
  'failed, just left': [...begun, refundFailed('r1', 12), refunded('c1', 'r2', 35_00)],
  'failed, no longer left': [...begun, refundFailed('r1', 12), refunded('c1', 'r2', 35_01)],
  'failed, capture being voided': [...begun, refundFailed('r1', 12), voidRequested('c1')],
  'failed, capture reversed': [...begun, refundFailed('r1', 12), reversed('c1', 15)],
  'failed, capture canceled': [...begun, refundFailed('r1', 12), canceled('c1')],
  'pending, capture reversed': [...begun, refundPending('r1'), reversed('c1', 15)],
};

const asked: Readonly<Record<string, AuthorizationCommand>> = {
  void: voidRefund('r1'),
  forward: forwardRefund('r1'),
};
const traces: Readonly<Record<string, readonly AuthorizationEvent[]>> = {
  '.': [],
  'void asked': [refundVoidRequested('r1')],
  succeeded: [refundForwarded('r1')],
};

describe('what is asked of a refund', () => {
  const cells = cellsOf(`
    from                         | void                | forward
    requested                    | void asked          | refund_not_stuck
    pending                      | void asked          | succeeded
    succeeded                    | refund_not_voidable | .
    declined                     | refund_not_voidable | succeeded
    failed                       | refund_not_voidable | succeeded
    reversed                     | refund_not_voidable | succeeded
    voided                       | .                   | refund_not_stuck
    requested, void asked        | .                   | refund_not_stuck
    pending, void asked          | .                   | succeeded
    succeeded, void asked        | .                   | .
    failed, void asked           | refund_not_voidable | succeeded
    failed, just left            | refund_not_voidable | succeeded
    failed, no longer left       | refund_not_voidable | amount_exceeds_refund_balance
    failed, capture being voided | refund_not_voidable | cancel_in_flight
    failed, capture reversed     | refund_not_voidable | capture_not_succeeded
    failed, capture canceled     | refund_not_voidable | capture_canceled
    pending, capture reversed    | void asked          | succeeded
  `);

  it.each(cells)('$column of a refund that is $row: $cell', ({ row, column, cell }) => {
    const outcome = given(...meaningOf(histories, row)).when(meaningOf(asked, column));
    if (cell.includes('_')) outcome.thenRejected(cell as Rejection);
    else outcome.then(...meaningOf(traces, cell));
  });

  it.each(Object.keys(asked))(
    '%s: an unknown authorization, then an unknown capture, then an unknown refund',
    (word) => {
      given().when(meaningOf(asked, word)).thenRejected('authorization_unknown');
      given(authorization()).when(meaningOf(asked, word)).thenRejected('capture_unknown');
      given(...taken)
        .when(meaningOf(asked, word))
        .thenRejected('refund_unknown');
    },
  );

  it('is of the capture that is named: a refund of another capture is unknown', () => {
    const history = [
      multiple(),
      captured('c1', 30_00),
      captured('c2', 30_00, { sequence: 2 }),
      refundRequested('c1', 'r1', 25_00),
      refundPending('r1'),
    ];
    given(...history)
      .when(voidRefund('r1', 'c2'))
      .thenRejected('refund_unknown');
    given(...history)
      .when(forwardRefund('r1', 'c2'))
      .thenRejected('refund_unknown');
  });

  it('says what is left where the refund is no longer', () =>
    given(...meaningOf(histories, 'failed, no longer left'))
      .when(forwardRefund('r1'))
      .thenRejected('amount_exceeds_refund_balance', { left: 24_99 }));
});

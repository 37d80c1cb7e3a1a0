import type { AuthorizationEvent } from '#capture/events.js';
import type { Rejection } from '#capture/rejections.js';
import type { History } from '../given-when-then.js';
import { refund, setNextRefund } from './commands.js';
import {
  authorization,
  automatic,
  canceled,
  cancelFailed,
  captured,
  declined,
  failed,
  finalCapture,
  given,
  multiple,
  pending,
  refundFailed,
  refundRequested,
  refunded,
  requested,
  reversed,
  succeeded,
  voidRequested,
} from './fixtures.js';
import { cellsOf, meaningOf } from './table.js';

const begun: History<AuthorizationEvent> = [authorization(), finalCapture('c1', 60_00)];
const taken: History<AuthorizationEvent> = [
  authorization(),
  captured('c1', 60_00, { final: true }),
];
const histories: Readonly<Record<string, History<AuthorizationEvent>>> = {
  nothing: [],
  'a refused capture': [
    {
      type: 'CommandRejected',
      data: { commandType: 'CreateCapture', reason: 'authorization_unknown', details: {} },
    },
  ],
  'no capture': [authorization()],
  'another capture': [authorization(), finalCapture('c2', 60_00)],
  requested: begun,
  'requested, void asked': [...begun, voidRequested('c1')],
  pending: [...begun, pending('c1')],
  'pending, void asked': [...begun, pending('c1'), voidRequested('c1')],
  declined: [...begun, declined('c1')],
  failed: [...begun, failed('c1')],
  'declined while voided': [...begun, voidRequested('c1'), declined('c1')],
  'failed while voided': [...begun, voidRequested('c1'), failed('c1')],
  'reversed while voided': [...taken, voidRequested('c1'), reversed('c1', 15)],
  'forwarded while voided': [
    ...begun,
    pending('c1'),
    voidRequested('c1'),
    { type: 'CaptureForwarded', data: { captureId: 'c1' } },
  ],
  'succeeded, void asked': [...taken, voidRequested('c1')],
  'void asked, then succeeded': [...begun, voidRequested('c1'), succeeded('c1')],
  'void failed': [...taken, voidRequested('c1'), cancelFailed('c1')],
  'void failed, nothing left': [
    ...taken,
    voidRequested('c1'),
    cancelFailed('c1'),
    refunded('c1', 'r0', 60_00),
  ],
  'being voided, nothing left': [
    ...taken,
    refundRequested('c1', 'r0', 60_00),
    refundFailed('r0', 12),
    voidRequested('c1'),
    {
      type: 'RefundSucceeded',
      data: { captureId: 'c1', refundId: 'r0', occurredAt: '2026-11-21T09:15:00.000Z' },
    },
  ],
  canceled: [...begun, canceled('c1')],
  'canceled while voided': [...taken, voidRequested('c1'), canceled('c1')],
  succeeded: taken,
  'automatic, succeeded': [...automatic, succeeded('c1')],
  'wholly refunded': [...taken, refunded('c1', 'r0', 60_00)],
};

const oneCanceled: History<AuthorizationEvent> = [
  multiple(),
  requested('c1', 10_00),
  canceled('c1'),
];
const othersTaken: History<AuthorizationEvent> = [
  captured('c2', 20_00, { sequence: 2 }),
  captured('c3', 30_00, { sequence: 3 }),
  captured('c4', 25_00, { sequence: 4 }),
];

describe('a refund, or its amount, is refused for the first of its reasons, in order', () => {
  const cells = cellsOf(`
    capture                    | 1.00                          | 999.99
    nothing                    | authorization_unknown         | authorization_unknown
    a refused capture          | authorization_unknown         | authorization_unknown
    no capture                 | capture_unknown               | capture_unknown
    another capture            | capture_unknown               | capture_unknown
    canceled                   | capture_canceled              | capture_canceled
    canceled while voided      | capture_canceled              | capture_canceled
    requested, void asked      | cancel_in_flight              | cancel_in_flight
    pending, void asked        | cancel_in_flight              | cancel_in_flight
    succeeded, void asked      | cancel_in_flight              | cancel_in_flight
    void asked, then succeeded | cancel_in_flight              | cancel_in_flight
    forwarded while voided     | cancel_in_flight              | cancel_in_flight
    being voided, nothing left | cancel_in_flight              | cancel_in_flight
    requested                  | capture_not_succeeded         | capture_not_succeeded
    pending                    | capture_not_succeeded         | capture_not_succeeded
    declined                   | capture_not_succeeded         | capture_not_succeeded
    failed                     | capture_not_succeeded         | capture_not_succeeded
    declined while voided      | capture_not_succeeded         | capture_not_succeeded
    failed while voided        | capture_not_succeeded         | capture_not_succeeded
    reversed while voided      | capture_not_succeeded         | capture_not_succeeded
    wholly refunded            | amount_exceeds_refund_balance | amount_exceeds_refund_balance
    void failed, nothing left  | amount_exceeds_refund_balance | amount_exceeds_refund_balance
    void failed                | accepted                      | amount_exceeds_refund_balance
    succeeded                  | accepted                      | amount_exceeds_refund_balance
    automatic, succeeded       | accepted                      | amount_exceeds_refund_balance
  `);
  const amounts = { '1.00': 1_00, '999.99': 999_99 };

  it.each(cells)('$row, $column: $cell', ({ row, column, cell }) => {
    const history = meaningOf(histories, row);
    const amount = meaningOf(amounts, column);
    if (cell === 'accepted') {
      given(...history)
        .when(refund('r1', amount))
        .then(refundRequested('c1', 'r1', amount));
      given(...history)
        .when(setNextRefund(amount))
        .then({
          type: 'NextRefundAmountSet',
          data: { captureId: 'c1', amount },
        });
    } else {
      given(...history)
        .when(refund('r1', amount))
        .thenRejected(cell as Rejection);
      given(...history)
        .when(setNextRefund(amount))
        .thenRejected(cell as Rejection);
    }
  });

  it('an unknown capture before a refund that exists with different terms', () =>
    given(...taken, refundRequested('c1', 'r1', 25_00))
      .when(refund('r1', 26_00, 'c9'))
      .thenRejected('capture_unknown'));

  it.each([
    ['capture_canceled', [refundFailed('r1', 12), canceled('c1')]],
    ['cancel_in_flight', [refundFailed('r1', 12), voidRequested('c1')]],
    ['capture_not_succeeded', [reversed('c1', 15)]],
    ['amount_exceeds_refund_balance', []],
  ])('a refund that exists with different terms before %s', (_, course) =>
    given(...taken, refundRequested('c1', 'r1', 25_00), ...course)
      .when(refund('r1', 999_99))
      .thenRejected('refund_exists_with_different_terms'),
  );

  it.each<[Rejection, string, History<AuthorizationEvent>]>([
    ['authorization_unknown', 'where nothing was registered', []],
    ['capture_unknown', 'where nothing was captured', [authorization()]],
    ['capture_canceled', 'where all is canceled', [...begun, canceled('c1')]],
    [
      'capture_not_succeeded',
      'where one may yet succeed',
      [...oneCanceled, requested('c2', 50_00, { sequence: 2 })],
    ],
    ['cancel_in_flight', 'where all is being voided', [...taken, voidRequested('c1')]],
    [
      'amount_exceeds_refund_balance',
      'where none has so much left',
      [...oneCanceled, ...othersTaken],
    ],
  ])('without a capture: %s %s', (reason, _, history) =>
    given(...history)
      .when(refund('r1', 60_00, null))
      .thenRejected(reason),
  );

  it('without a capture: what is left of the one that has most left', () =>
    given(...oneCanceled, ...othersTaken)
      .when(refund('r1', 60_00, null))
      .thenRejected('amount_exceeds_refund_balance', { left: 30_00 }));
});

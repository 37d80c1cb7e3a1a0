import type { AuthorizationCommand } from '#capture/commands.js';
import type { AuthorizationEvent } from '#capture/events.js';
import type { Rejection } from '#capture/rejections.js';
import type { History } from '../given-when-then.js';
import { cancel, forward } from './commands.js';
import {
  authorization,
  automatic,
  canceled,
  cancelFailed,
  declined,
  failed,
  finalCapture,
  forwarded,
  given,
  multiple,
  pending,
  refundDeclined,
  refunded,
  refundFailed,
  refundPending,
  refundRequested,
  refundReversed,
  refundSucceeded,
  refundVoided,
  requested,
  reversed,
  succeeded,
  uncertain,
  voidRequested,
} from './fixtures.js';
import { cellsOf, meaningOf } from './table.js';

const begun: History<AuthorizationEvent> = [authorization(), finalCapture('c1', 60_00)];
const taken = [...begun, succeeded('c1')];
const histories: Readonly<Record<string, History<AuthorizationEvent>>> = {
  requested: begun,
  pending: [...begun, pending('c1')],
  uncertain: [...begun, uncertain('c1')],
  succeeded: taken,
  'partly refunded': [...taken, refunded('c1', 'r1', 20_00)],
  'wholly refunded': [...taken, refunded('c1', 'r1', 60_00)],
  'refund requested': [...taken, refundRequested('c1', 'r1', 20_00)],
  'refund pending': [...taken, refundRequested('c1', 'r1', 20_00), refundPending('r1')],
  'refund declined': [...taken, refundRequested('c1', 'r1', 20_00), refundDeclined('r1')],
  'refund failed': [...taken, refundRequested('c1', 'r1', 20_00), refundFailed('r1')],
  'refund voided': [...taken, refundRequested('c1', 'r1', 20_00), refundVoided('r1')],
  'refund reversed': [...taken, refunded('c1', 'r1', 20_00), refundReversed('r1')],
  declined: [...begun, declined('c1')],
  failed: [...begun, failed('c1')],
  reversed: [...begun, succeeded('c1', 5), reversed('c1')],
  canceled: [...begun, canceled('c1')],
  'pending, void asked': [...begun, pending('c1'), voidRequested('c1')],
  'succeeded, void asked': [...taken, voidRequested('c1')],
  'succeeded, void failed': [...taken, voidRequested('c1'), cancelFailed('c1')],
  'failed while voided': [...begun, voidRequested('c1'), failed('c1')],
  'refunded while voided': [
    ...taken,
    refundRequested('c1', 'r1', 20_00),
    refundFailed('r1', 12),
    voidRequested('c1'),
    refundSucceeded('r1', 15),
  ],
  'no longer capturable': [
    multiple(),
    requested('c1', 60_00),
    failed('c1'),
    requested('c2', 50_00, { sequence: 2 }),
  ],
  'just capturable': [
    multiple(),
    requested('c1', 60_00),
    declined('c1'),
    requested('c2', 40_00, { sequence: 2 }),
  ],
};

const asked: Readonly<Record<string, AuthorizationCommand>> = {
  forward: forward('c1'),
  'cancel void': cancel('void'),
  'cancel refund': cancel('refund'),
  'cancel auto': cancel('auto'),
};

const cancelRefund = (left: number): AuthorizationEvent =>
  refundRequested('c1', 'derived', left, 'cancel');
const traces: Readonly<Record<string, readonly AuthorizationEvent[]>> = {
  '.': [],
  succeeded: [forwarded('c1')],
  'void asked': [voidRequested('c1')],
  'refund 60.00': [cancelRefund(60_00)],
  'refund 40.00': [cancelRefund(40_00)],
};

describe('what is asked of a capture', () => {
  const cells = cellsOf(`
    from                   | forward                   | cancel void            | cancel refund          | cancel auto
    requested              | capture_not_stuck         | void asked             | capture_not_succeeded  | void asked
    pending                | succeeded                 | void asked             | capture_not_succeeded  | void asked
    uncertain              | succeeded                 | void asked             | capture_not_succeeded  | void asked
    succeeded              | .                         | void asked             | refund 60.00           | refund 60.00
    refund requested       | .                         | capture_not_cancelable | refund 40.00           | refund 40.00
    refund pending         | .                         | capture_not_cancelable | refund 40.00           | refund 40.00
    partly refunded        | .                         | capture_not_cancelable | refund 40.00           | refund 40.00
    wholly refunded        | .                         | capture_not_cancelable | .                      | .
    refund declined        | .                         | void asked             | refund 60.00           | refund 60.00
    refund failed          | .                         | void asked             | refund 60.00           | refund 60.00
    refund voided          | .                         | void asked             | refund 60.00           | refund 60.00
    refund reversed        | .                         | void asked             | refund 60.00           | refund 60.00
    declined               | succeeded                 | capture_not_cancelable | capture_not_cancelable | capture_not_cancelable
    failed                 | succeeded                 | capture_not_cancelable | capture_not_cancelable | capture_not_cancelable
    reversed               | succeeded                 | capture_not_cancelable | capture_not_cancelable | capture_not_cancelable
    no longer capturable   | amount_exceeds_capturable | capture_not_cancelable | capture_not_cancelable | capture_not_cancelable
    just capturable        | succeeded                 | capture_not_cancelable | capture_not_cancelable | capture_not_cancelable
    canceled               | capture_canceled          | .                      | .                      | .
    pending, void asked    | succeeded                 | cancel_in_flight       | cancel_in_flight       | cancel_in_flight
    succeeded, void asked  | .                         | cancel_in_flight       | cancel_in_flight       | cancel_in_flight
    succeeded, void failed | .                         | void asked             | refund 60.00           | refund 60.00
    failed while voided    | succeeded                 | capture_not_cancelable | capture_not_cancelable | capture_not_cancelable
    refunded while voided  | .                         | capture_not_cancelable | cancel_in_flight       | cancel_in_flight
  `);

  it.each(cells)('$column of a capture that is $row: $cell', ({ row, column, cell }) => {
    const outcome = given(...meaningOf(histories, row)).when(meaningOf(asked, column));
    if (cell.includes('_')) outcome.thenRejected(cell as Rejection);
    else outcome.then(...meaningOf(traces, cell));
  });

  it.each(Object.keys(asked))('%s: an unknown authorization, then an unknown capture', (word) => {
    given().when(meaningOf(asked, word)).thenRejected('authorization_unknown');
    given(authorization()).when(meaningOf(asked, word)).thenRejected('capture_unknown');
    given(authorization(), finalCapture('c2', 60_00))
      .when(meaningOf(asked, word))
      .thenRejected('capture_unknown');
  });
});

describe('ForwardStuckCapture', () => {
  it('says what is capturable where the amount no longer is', () =>
    given(...meaningOf(histories, 'no longer capturable'))
      .when(forward('c1'))
      .thenRejected('amount_exceeds_capturable', { capturable: 50_00 }));

  it('forwards nothing that no authorization takes any more: an automatic one takes one capture', () =>
    given(...automatic, failed('c1'))
      .when(forward('c1'))
      .thenRejected('amount_exceeds_capturable', { capturable: 0 }));

  it('keeps the reason and the evidence', () => {
    const told = { reason: 'stuck for a day', evidence: 'connector log 4711' };
    given(authorization(), finalCapture('c1', 60_00), pending('c1'))
      .when({ ...forward('c1'), ...told })
      .then({ type: 'CaptureForwarded', data: { captureId: 'c1', ...told } });
  });
});

describe('CancelCapture', () => {
  it('keeps the reason, of a void and of a refund', () => {
    given(authorization(), finalCapture('c1', 60_00))
      .when({ ...cancel('void'), reason: 'sold out' })
      .then({ type: 'CaptureCancelRequested', data: { captureId: 'c1', reason: 'sold out' } });
    given(...taken)
      .when({ ...cancel('auto'), reason: 'sold out' })
      .then({
        type: 'RefundRequested',
        data: {
          captureId: 'c1',
          refundId: 'derived',
          amount: 60_00,
          currency: 'EUR',
          purpose: 'cancel',
          reason: 'sold out',
        },
      });
  });

  it('refunds all that is left, whatever the next refund amount is', () =>
    given(...taken, { type: 'NextRefundAmountSet', data: { captureId: 'c1', amount: 5_00 } })
      .when(cancel('refund'))
      .then(cancelRefund(60_00)));

  it('never asks for a refund under the id of another', () =>
    given(...taken, refundRequested('c1', 'r1', 20_00))
      .when(cancel('refund', 'c1', 'r1'))
      .thenRejected('refund_exists_with_different_terms', { amount: 20_00 }));
});

import { cancel, refund, setNextRefund } from './commands.js';
import {
  authorization,
  captured,
  failed,
  finalCapture,
  given,
  nextRefundSet,
  pending,
  refundDeclined,
  refunded,
  refundFailed,
  refundForwarded,
  refundPending,
  refundRequested,
  refundSucceeded,
  succeeded,
  voidRequested,
} from './fixtures.js';

const taken = [authorization(), captured('c1', 60_00, { final: true })];

describe('a refund without an amount takes the next refund amount', () => {
  it('which is what is left where none was set', () =>
    given(...taken, refunded('c1', 'r1', 25_00))
      .when(refund('r2', 'next'))
      .then(refundRequested('c1', 'r2', 35_00)));

  it('which any refund asked for clears', () => {
    given(...taken, nextRefundSet('c1', 5_00), refundRequested('c1', 'r1', 10_00))
      .when(refund('r2', 'next'))
      .then(refundRequested('c1', 'r2', 50_00));
    given(
      ...taken,
      nextRefundSet('c1', 5_00),
      refundRequested('c1', 'derived', 60_00, 'cancel'),
      refundDeclined('derived'),
    )
      .when(refund('r2', 'next'))
      .then(refundRequested('c1', 'r2', 60_00));
  });

  it('which a forwarded refund clears where it is asked for anew, and not where it was pending', () => {
    const set = [...taken, refundRequested('c1', 'r1', 10_00)];
    for (const ended of [refundDeclined('r1'), refundFailed('r1')]) {
      given(...set, ended, nextRefundSet('c1', 5_00), refundForwarded('r1'))
        .when(refund('r2', 'next'))
        .then(refundRequested('c1', 'r2', 50_00));
    }
    given(...set, refundPending('r1'), nextRefundSet('c1', 5_00), refundForwarded('r1'))
      .when(refund('r2', 'next'))
      .then(refundRequested('c1', 'r2', 5_00));
  });

  it('which is never more than is left', () =>
    given(
      ...taken,
      refundRequested('c1', 'r1', 40_00),
      refundFailed('r1'),
      nextRefundSet('c1', 50_00),
      refundSucceeded('r1', 18),
    )
      .when(refund('r2', 'next'))
      .then(refundRequested('c1', 'r2', 20_00)));

  it('and which the last that was set says', () =>
    given(...taken, nextRefundSet('c1', 5_00), nextRefundSet('c1', 7_00))
      .when(refund('r1', 'next'))
      .then(refundRequested('c1', 'r1', 7_00)));

  it('and is refused as too large where nothing is left', () =>
    given(...taken, refunded('c1', 'r1', 60_00))
      .when(refund('r2', 'next'))
      .thenRejected('amount_exceeds_refund_balance', { left: 0 }));
});

describe('SetNextRefundAmount', () => {
  it('sets at most what is left', () => {
    given(...taken)
      .when(setNextRefund(60_00))
      .then(nextRefundSet('c1', 60_00));
    given(...taken, refunded('c1', 'r1', 25_00))
      .when(setNextRefund(35_01))
      .thenRejected('amount_exceeds_refund_balance', { left: 35_00 });
  });

  it('may be set before anything else, and changed', () =>
    given(...taken, nextRefundSet('c1', 5_00))
      .when(setNextRefund(7_00))
      .then(nextRefundSet('c1', 7_00)));

  it('does not stand in the way of a cancel', () =>
    given(...taken, nextRefundSet('c1', 5_00))
      .when(cancel('void'))
      .then(voidRequested('c1')));

  it('waits for the success', () =>
    given(authorization(), finalCapture('c1', 60_00), pending('c1'))
      .when(setNextRefund(1))
      .thenRejected('capture_not_succeeded'));

  it('waits for the success, however it comes', () =>
    given(authorization(), finalCapture('c1', 60_00), failed('c1', 5), succeeded('c1'))
      .when(setNextRefund(1))
      .then(nextRefundSet('c1', 1)));
});

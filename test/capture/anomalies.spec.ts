import type { AuthorizationEvent } from '#capture/events.js';
import { anomaly, tell, tellCancel, tellRefund } from './commands.js';
import {
  at,
  authorization,
  automatic,
  canceled,
  captured,
  expired,
  failed,
  given,
  multiple,
  refunded,
  refundFailed,
  refundRequested,
  refundVoided,
  requested,
  reversed,
  succeeded,
  voided,
} from './fixtures.js';

const late = tell('succeeded');
const capturedNow = succeeded('c1', 30);

describe('a late success', () => {
  const c1Failed = [multiple(), requested('c1', 60_00), failed('c1')];

  it('is nothing to look at while its amount is still capturable', () => {
    given(...c1Failed)
      .when(late)
      .then(capturedNow);
    given(...c1Failed, requested('c2', 40_00, { sequence: 2 }))
      .when(late)
      .then(capturedNow);
  });

  it('is an anomaly where its amount no longer is, and over-captures', () =>
    given(...c1Failed, requested('c2', 40_01, { sequence: 2 }))
      .when(late)
      .then(capturedNow, anomaly('late_success', late), anomaly('over_captured', late)));

  it('is an anomaly each time', () =>
    given(
      ...c1Failed,
      requested('c2', 40_01, { sequence: 2 }),
      succeeded('c1', 12),
      anomaly('late_success', late),
      anomaly('over_captured', late),
      reversed('c1', 15),
    )
      .when(late)
      .then(capturedNow, anomaly('late_success', late), anomaly('over_captured', late)));

  it.each([
    ['voided', voided],
    ['expired', expired],
  ])('is an anomaly where the authorization was %s meanwhile', (_, end) =>
    given(...c1Failed, end)
      .when(late)
      .then(capturedNow, anomaly('late_success', late)),
  );

  it('is an anomaly where a final capture has closed the authorization', () =>
    given(...c1Failed, captured('c2', 10_00, { sequence: 2, final: true }))
      .when(late)
      .then(capturedNow, anomaly('late_success', late)));

  it('is an anomaly of an automatic authorization, which takes no captures', () =>
    given(...automatic, failed('c1'))
      .when(late)
      .then(capturedNow, anomaly('late_success', late)));

  it('is an anomaly of a canceled capture, though its amount is capturable', () =>
    given(multiple(), requested('c1', 60_00), canceled('c1'))
      .when(late)
      .then(capturedNow, anomaly('late_success', late)));

  it('over-captures more each time', () =>
    given(
      multiple(),
      requested('c1', 60_00),
      failed('c1'),
      requested('c2', 60_00, { sequence: 2 }),
      failed('c2'),
      captured('c3', 100_00, { sequence: 3 }),
      succeeded('c2', 12),
    )
      .when(late)
      .then(capturedNow, anomaly('late_success', late), anomaly('over_captured', late)));

  it('is no reason to complain of the next fact: nothing grows', () =>
    given(
      ...c1Failed,
      requested('c2', 70_00, { sequence: 2 }),
      succeeded('c1', 12),
      anomaly('over_captured', late),
    )
      .when(tell('succeeded', { captureId: 'c2' }))
      .then(succeeded('c2', 30)));
});

describe('over_refunded', () => {
  const history = [authorization(), captured('c1', 60_00, { final: true })];
  const undone = tell('reversed');
  const reversedNow = reversed('c1', 30);

  it('is left where a capture is reversed whose refund stands', () => {
    given(...history, refunded('c1', 'r1', 25_00))
      .when(undone)
      .then(reversedNow, anomaly('over_refunded', undone));
    given(...history, refundRequested('c1', 'r1', 25_00))
      .when(undone)
      .then(reversedNow, anomaly('over_refunded', undone));
  });

  it('is left where such a capture is canceled', () => {
    const fact = tellCancel('succeeded');
    given(...history, refunded('c1', 'r1', 25_00))
      .when(fact)
      .then(canceled('c1', 30), anomaly('over_refunded', fact));
  });

  it('is not where its refund does not stand', () =>
    given(...history, refundRequested('c1', 'r1', 25_00), refundFailed('r1'))
      .when(undone)
      .then(reversedNow));

  it('is left by a refund that succeeds late, when no longer so much is left', () => {
    const fact = tellRefund('succeeded');
    const refundedNow: AuthorizationEvent = {
      type: 'RefundSucceeded',
      data: { captureId: 'c1', refundId: 'r1', occurredAt: at(30) },
    };
    const r1Failed = [...history, refundRequested('c1', 'r1', 25_00), refundFailed('r1', 12)];
    given(...r1Failed, refunded('c1', 'r2', 35_00))
      .when(fact)
      .then(refundedNow);
    given(...r1Failed, refunded('c1', 'r2', 35_01))
      .when(fact)
      .then(refundedNow, anomaly('late_success', fact), anomaly('over_refunded', fact));
    given(...r1Failed, reversed('c1', 15))
      .when(fact)
      .then(refundedNow, anomaly('late_success', fact), anomaly('over_refunded', fact));
    given(...history, refundRequested('c1', 'r1', 25_00), refundVoided('r1', 12))
      .when(fact)
      .then(refundedNow, anomaly('late_success', fact));
  });

  it('is left each time that it grows', () => {
    const fact = tellRefund('succeeded', { refundId: 'r2' });
    given(
      ...history,
      refundRequested('c1', 'r2', 10_00),
      refundFailed('r2', 12),
      refunded('c1', 'r1', 25_00),
      reversed('c1', 15),
    )
      .when(fact)
      .then(
        {
          type: 'RefundSucceeded',
          data: { captureId: 'c1', refundId: 'r2', occurredAt: at(30) },
        },
        anomaly('late_success', fact),
        anomaly('over_refunded', fact),
      );
  });

  it('is not while a refund goes on whose capture was reversed: nothing grows', () => {
    const fact = tellRefund('succeeded');
    given(...history, refundRequested('c1', 'r1', 25_00), reversed('c1', 15))
      .when(fact)
      .then({
        type: 'RefundSucceeded',
        data: { captureId: 'c1', refundId: 'r1', occurredAt: at(30) },
      });
  });

  it('is not when the money is captured again: nothing grows', () =>
    given(...history, refunded('c1', 'r1', 25_00), reversed('c1', 15))
      .when(late)
      .then(capturedNow));
});

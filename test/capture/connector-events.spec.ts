import { payloadOf } from '#capture/commands.js';
import type { RecordCaptureOutcome } from '#capture/commands.js';
import type { AuthorizationEvent, CaptureSucceeded } from '#capture/events.js';
import { anomaly, tell, tellCancel, tellRefund, withoutEffect } from './commands.js';
import {
  at,
  authorization,
  finalCapture,
  given,
  multiple,
  refundRequested,
  refundReversed,
  requested,
  reversed,
  succeeded,
} from './fixtures.js';

const history = [authorization(), finalCapture('c1', 60_00)];
const succeededBy = (connectorEventId: string, minute = 10): CaptureSucceeded => ({
  type: 'CaptureSucceeded',
  data: { captureId: 'c1', connectorEventId, occurredAt: at(minute) },
});

it('keeps all that the connector said', () => {
  const said: Partial<RecordCaptureOutcome> = {
    connectorEventId: 'evt-1',
    connectorCaptureId: 'cap-1',
    connectorReferenceId: 'ref-1',
    token: 'tok-1',
    requestId: 'req-1',
    isoResponseCode: '05',
    rawResponseCode: 'do_not_honor',
    rawResponseDescription: 'Do not honor',
    error: { code: 'declined', connectorCode: '05', message: 'no', reason: 'issuer' },
    amount: 60_00,
  };
  given(...history)
    .when(tell('declined', { ...said, actor: 'connector' }))
    .then({
      type: 'CaptureDeclined',
      data: { captureId: 'c1', occurredAt: at(30), ...said },
    });
});

it('keeps all that was said of a cancel, and of a refund', () => {
  const error = { code: 'late', message: 'settled already' };
  given(...history, { type: 'CaptureCancelRequested', data: { captureId: 'c1' } })
    .when(tellCancel('failed', { error }))
    .then({ type: 'CaptureCancelFailed', data: { captureId: 'c1', error, occurredAt: at(30) } });
  const said = { connectorEventId: 'evt-2', connectorRefundId: 're-1', error };
  given(...history, succeeded('c1'), refundRequested('c1', 'r1', 25_00))
    .when(tellRefund('declined', said))
    .then({
      type: 'RefundDeclined',
      data: { captureId: 'c1', refundId: 'r1', occurredAt: at(30), ...said },
    });
});

describe('an event of the connector told again', () => {
  const told = [...history, succeededBy('evt-1')];

  it('is no event with the same outcome and amount, whatever came between', () => {
    const again = tell('succeeded', { connectorEventId: 'evt-1' });
    given(...told)
      .when(again)
      .thenNothing();
    given(...told, reversed('c1', 15))
      .when(again)
      .thenNothing();
  });

  it.each([
    ['outcome', tell('declined', { connectorEventId: 'evt-1' })],
    ['outcome, which would count', tell('reversed', { connectorEventId: 'evt-1' })],
    ['amount', tell('succeeded', { connectorEventId: 'evt-1', amount: 59_99 })],
  ])('is a conflicting duplicate and nothing else with another %s', (_, fact) =>
    given(...told)
      .when(fact)
      .then(anomaly('conflicting_duplicate', fact)),
  );

  it('says nothing, where it conflicts, of when the money moved', () => {
    const conflict = tell('succeeded', {
      connectorEventId: 'evt-1',
      amount: 1,
      occurredAt: at(20),
    });
    given(...told, anomaly('conflicting_duplicate', conflict))
      .when(tell('reversed', { occurredAt: at(15) }))
      .then(reversed('c1', 15));
  });

  it('says nothing new, told with another instant, of when the money moved', () => {
    const again = tell('succeeded', { connectorEventId: 'evt-1', occurredAt: at(30) });
    given(...told)
      .when(again)
      .thenNothing();
    given(...told, withoutEffect(again))
      .when(tell('reversed', { occurredAt: at(20) }))
      .then(reversed('c1', 20));
  });

  it('says nothing new of a reversal, so that a recapture before that instant counts', () => {
    const reversal = tell('reversed', { connectorEventId: 'evt-2', occurredAt: at(15) });
    const { type: _, outcome, ...data } = payloadOf(reversal);
    given(
      ...told,
      { type: 'CaptureReversed', data },
      withoutEffect({ ...reversal, occurredAt: at(40) }),
    )
      .when(tell('succeeded', { occurredAt: at(20) }))
      .then(succeeded('c1', 20));
  });

  it('is remembered also where it was an anomaly', () => {
    const fact = tell('declined', { connectorEventId: 'evt-2' });
    given(...told)
      .when(fact)
      .then(anomaly('contradictory_outcome', fact));
    given(...told, anomaly('contradictory_outcome', fact))
      .when(fact)
      .thenNothing();
  });

  it('tells uncertain from pending', () => {
    const again = tell('uncertain', { connectorEventId: 'evt-1' });
    const pending: AuthorizationEvent = {
      type: 'CapturePending',
      data: { captureId: 'c1', connectorEventId: 'evt-1', uncertain: true, occurredAt: at(10) },
    };
    const other = tell('pending', { connectorEventId: 'evt-1' });
    given(...history, pending)
      .when(again)
      .thenNothing();
    given(...history, pending, succeeded('c1'))
      .when(again)
      .thenNothing();
    given(...history, pending)
      .when(other)
      .then(anomaly('conflicting_duplicate', other));
  });

  it('is not remembered where it left no event', () => {
    const silent = tell('succeeded', { connectorEventId: 'evt-2', occurredAt: at(12) });
    given(...told)
      .when(silent)
      .thenNothing();
    given(...told, withoutEffect(silent))
      .when(tell('reversed', { connectorEventId: 'evt-2' }))
      .then({
        type: 'CaptureReversed',
        data: { captureId: 'c1', connectorEventId: 'evt-2', occurredAt: at(30) },
      });
  });

  it('is another event of another capture', () =>
    given(
      multiple(),
      requested('c1', 30_00),
      succeededBy('evt-1'),
      requested('c2', 30_00, { sequence: 2 }),
    )
      .when(tell('declined', { captureId: 'c2', connectorEventId: 'evt-1' }))
      .then({
        type: 'CaptureDeclined',
        data: { captureId: 'c2', connectorEventId: 'evt-1', occurredAt: at(30) },
      }));

  it('says nothing new of a refund, told with another instant', () => {
    const again = tellRefund('succeeded', { connectorEventId: 'evt-3', occurredAt: at(30) });
    given(
      ...history,
      succeeded('c1'),
      refundRequested('c1', 'r1', 10_00),
      {
        type: 'RefundSucceeded',
        data: { captureId: 'c1', refundId: 'r1', connectorEventId: 'evt-3', occurredAt: at(15) },
      },
      withoutEffect(again),
    )
      .when(tellRefund('reversed', { occurredAt: at(20) }))
      .then(refundReversed('r1', 20));
  });

  it('is the same of a refund, and conflicts with another outcome or another refund', () => {
    const refundedBy: AuthorizationEvent = {
      type: 'RefundSucceeded',
      data: { captureId: 'c1', refundId: 'r1', connectorEventId: 'evt-3', occurredAt: at(15) },
    };
    const refunds = [
      ...history,
      succeeded('c1'),
      refundRequested('c1', 'r1', 10_00),
      refundRequested('c1', 'r2', 10_00),
      refundedBy,
    ];
    given(...refunds)
      .when(tellRefund('succeeded', { connectorEventId: 'evt-3' }))
      .thenNothing();
    for (const fact of [
      tellRefund('reversed', { connectorEventId: 'evt-3' }),
      tellRefund('succeeded', { connectorEventId: 'evt-3', refundId: 'r2' }),
      tell('reversed', { connectorEventId: 'evt-3' }),
    ]) {
      given(...refunds)
        .when(fact)
        .then(anomaly('conflicting_duplicate', fact));
    }
  });
});

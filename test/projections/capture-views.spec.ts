import type { AuthorizationEvent } from '#capture/events.js';
import {
  at,
  authorization,
  canceled,
  cancelFailed,
  captured,
  declined,
  finalCapture,
  forwarded,
  multiple,
  nextRefundSet,
  pending,
  refunded,
  refundDeclined,
  refundPending,
  refundRequested,
  refundSucceeded,
  refundForwarded,
  refundVoidRequested,
  requested,
  reversed,
  succeeded,
  voidRequested,
} from '../capture/fixtures.js';
import { after } from './shown.js';

const told = (event: AuthorizationEvent, words: object): AuthorizationEvent =>
  ({ ...event, data: { ...event.data, ...words } }) as AuthorizationEvent;

describe('what may still be refunded of a capture', () => {
  const untouched = {
    captureId: 'c1',
    captured: 15_00,
    refunded: 0,
    refundPending: 0,
    chargedBack: 0,
    left: 15_00,
    nextRefundAmount: 15_00,
    overRefunded: 0,
    state: 'none',
  };

  it.each([
    ['captured', [], {}],
    ['the next amount set', [nextRefundSet('c1', 5_00)], { nextRefundAmount: 5_00 }],
    [
      'a refund asked for clears it',
      [nextRefundSet('c1', 5_00), refundRequested('c1', 'r1', 5_00)],
      { refundPending: 5_00, left: 10_00, nextRefundAmount: 10_00 },
    ],
    [
      'refunded in part, and more on its way',
      [refunded('c1', 'r1', 5_00), refundRequested('c1', 'r2', 1_00), refundPending('r2')],
      {
        refunded: 5_00,
        refundPending: 1_00,
        left: 9_00,
        nextRefundAmount: 9_00,
        state: 'partial',
      },
    ],
    [
      'refunded in full',
      [refunded('c1', 'r1', 15_00)],
      { refunded: 15_00, left: 0, nextRefundAmount: 0, state: 'full' },
    ],
    [
      'refunded, and then the capture was reversed',
      [refunded('c1', 'r1', 4_00), reversed('c1', 16)],
      {
        captured: 0,
        refunded: 4_00,
        left: 0,
        nextRefundAmount: 0,
        overRefunded: 4_00,
        state: 'partial',
      },
    ],
  ] as const)('%s', (_, history, numbers) => {
    const shown = after(multiple(), captured('c1', 15_00), ...history).refundBalance('c1');
    expect(shown).toMatchObject({ ...untouched, ...numbers });
  });

  it('is not said of a capture that nobody made', () => {
    expect(after(multiple(), captured('c1', 15_00)).refundBalance('c2')).toBeUndefined();
    expect(after(multiple(), captured('c1', 15_00)).capture('c2')).toBeUndefined();
  });
});

describe('everything known of a capture', () => {
  const details = {
    idempotencyKey: 'key-1',
    externalIdentifier: 'order 17',
    paymentReference: 'archive-1',
    reference: 'invoice-1',
    referenceOrigin: 'erp',
    cartItems: [{ name: 'tea', quantity: 2, unitAmount: 5_00 }],
    installments: 3,
    statementDescriptor: 'TEA SHOP',
    date: '2026-11-21',
    metadata: { channel: 'web', basket: 7 },
  };

  it('is what it was created with, and its authorization', () => {
    const shown = after(
      authorization({ paymentId: 'pay-1', orderRef: 'order-1' }),
      finalCapture('c1', 60_00, details),
      voidRequested('c1'),
    ).capture('c1');

    expect(shown).toMatchObject({
      ...details,
      captureId: 'c1',
      sequence: 1,
      amount: 60_00,
      status: 'requested',
      final: true,
      voidInFlight: true,
      createdAt: at(1),
      updatedAt: at(2),
      capturedAt: null,
      endedAt: null,
      error: null,
      authorization: {
        connector: 'stripe',
        paymentId: 'pay-1',
        orderRef: 'order-1',
        network: null,
      },
      refundBalance: { captured: 0, left: 0 },
      refunds: { count: 0, last: [] },
    });
  });

  it('is null where it was never said', () => {
    const shown = after(multiple(), requested('c1', 1)).capture('c1');
    for (const member of Object.keys(details))
      expect(shown).toHaveProperty(member, { cartItems: [], metadata: {} }[member] ?? null);
  });

  it('holds the last that a connector said, member by member', () => {
    const shown = after(
      multiple(),
      requested('c1', 1),
      told(pending('c1'), { connectorCaptureId: 'ch_1', isoResponseCode: '91' }),
      told(succeeded('c1'), { isoResponseCode: '00', token: 'tok' }),
    ).capture('c1');

    expect(shown).toMatchObject({
      connectorCaptureId: 'ch_1',
      isoResponseCode: '00',
      token: 'tok',
      requestId: null,
    });
  });

  const error = { code: 'do_not_honor', message: 'declined by the bank' };
  const other = { code: 'too_late' };

  it.each([
    ['declined', [told(declined('c1'), { error })], error],
    ['declined without a word', [declined('c1')], null],
    ['declined, then late a success', [told(declined('c1'), { error }), succeeded('c1', 11)], null],
    ['declined, then forwarded', [told(declined('c1'), { error }), forwarded('c1')], null],
    ['a success that was reversed', [succeeded('c1'), told(reversed('c1', 12), { error })], error],
    [
      'a void that failed, then canceled',
      [
        voidRequested('c1'),
        told(cancelFailed('c1'), { error }),
        told(canceled('c1'), { error: other }),
      ],
      other,
    ],
  ] as const)('shows the error of the last end: %s', (_, history, shown) => {
    expect(after(multiple(), requested('c1', 1), ...history).capture('c1')).toMatchObject({
      error: shown,
    });
  });

  it.each([
    ['the success occurred', [succeeded('c1', 10)], at(10)],
    ['it was forwarded', [forwarded('c1')], at(2)],
    [
      'it succeeded the last time',
      [succeeded('c1', 10), reversed('c1', 11), succeeded('c1', 12)],
      at(12),
    ],
    ['never, once it was reversed', [succeeded('c1', 10), reversed('c1', 11)], null],
  ] as const)('was captured when %s', (_, history, capturedAt) => {
    expect(after(multiple(), requested('c1', 1), ...history).capture('c1')).toMatchObject({
      capturedAt,
    });
  });

  it('ended when the fact that ended it occurred', () => {
    const shown = after(multiple(), requested('c1', 1), declined('c1', 10)).capture('c1');
    expect(shown).toMatchObject({ endedAt: at(10), updatedAt: at(2) });
  });
});

describe('the refunds of a capture', () => {
  it('are shown with what was asked and what was said', () => {
    const shown = after(
      multiple(),
      captured('c1', 15_00),
      told(refundRequested('c1', 'r1', 5_00), {
        reason: 'returned',
        externalIdentifier: 'rma-1',
        metadata: { shelf: 3 },
      }),
      told(refundSucceeded('r1', 15), { connectorRefundId: 're_1' }),
      refundRequested('c1', 'r2', 1_00),
      told(refundDeclined('r2', 16), { error: { code: 'no' } }),
      refundRequested('c1', 'r3', 2_00, 'cancel'),
      refundVoidRequested('r3'),
    ).capture('c1');

    expect(shown?.updatedAt).toBe(at(8));
    expect(shown?.refunds).toMatchObject({
      count: 3,
      totals: {
        requested: 2_00,
        pending: 0,
        succeeded: 5_00,
        declined: 1_00,
        failed: 0,
        voided: 0,
      },
      last: [
        {
          refundId: 'r1',
          amount: 5_00,
          currency: 'EUR',
          status: 'succeeded',
          purpose: 'refund',
          reason: 'returned',
          externalIdentifier: 'rma-1',
          metadata: { shelf: 3 },
          connectorRefundId: 're_1',
          error: null,
          createdAt: at(3),
          updatedAt: at(4),
          refundedAt: at(15),
        },
        {
          refundId: 'r2',
          status: 'declined',
          error: { code: 'no' },
          refundedAt: null,
          reason: null,
        },
        { refundId: 'r3', status: 'requested', purpose: 'cancel', voidInFlight: true },
      ],
    });
  });

  it('were refunded when they were forwarded', () => {
    const shown = after(
      multiple(),
      captured('c1', 15_00),
      refundRequested('c1', 'r1', 5_00),
      refundPending('r1'),
      refundForwarded('r1'),
    ).capture('c1');
    expect(shown?.refunds.last).toMatchObject([{ status: 'succeeded', refundedAt: at(5) }]);
  });

  it('are all counted and summed up, and the last hundred are shown', () => {
    const asked = Array.from({ length: 102 }, (_, n) => refundRequested('c1', `r${n + 1}`, 1));
    const shown = after(
      multiple(),
      captured('c1', 15_00),
      ...asked,
      refundSucceeded('r1', 15),
      refundSucceeded('r102', 15),
    ).capture('c1');

    expect(shown?.refunds).toMatchObject({ count: 102, totals: { requested: 100, succeeded: 2 } });
    expect(shown?.refunds.last).toHaveLength(100);
    expect(shown?.refunds.last[0]).toMatchObject({ refundId: 'r3', status: 'requested' });
    expect(shown?.refunds.last[99]).toMatchObject({ refundId: 'r102', status: 'succeeded' });
  });
});

import type { RefundCapture } from '#capture/commands.js';
import { refund } from './commands.js';
import {
  authorization,
  canceled,
  captured,
  expired,
  failed,
  given,
  multiple,
  nextRefundSet,
  refundDeclined,
  refunded,
  refundFailed,
  refundPending,
  refundRequested,
  refundReversed,
  refundSucceeded,
  refundVoided,
  requested,
  voided,
  voidRequested,
} from './fixtures.js';

const taken = [authorization(), captured('c1', 60_00, { final: true })];

describe('RefundCapture', () => {
  it('gives back part of a capture, to the last cent of what is left', () => {
    given(...taken)
      .when(refund('r1', 25_00))
      .then(refundRequested('c1', 'r1', 25_00));
    given(...taken, refunded('c1', 'r1', 25_00))
      .when(refund('r2', 35_00))
      .then(refundRequested('c1', 'r2', 35_00));
    given(...taken, refunded('c1', 'r1', 25_00))
      .when(refund('r2', 35_01))
      .thenRejected('amount_exceeds_refund_balance', { left: 35_00 });
  });

  it('keeps what its sender said, in the currency of its capture', () => {
    const said: Partial<RefundCapture> = {
      idempotencyKey: 'key-1',
      reason: 'broken',
      externalIdentifier: 'return 7',
      metadata: { parcel: 'A' },
    };
    given(authorization({ currency: 'JPY' }), captured('c1', 60_00, { currency: 'JPY' }))
      .when({ ...refund('r1', 25_00), ...said, actor: 'anna' })
      .then({
        type: 'RefundRequested',
        data: {
          captureId: 'c1',
          refundId: 'r1',
          amount: 25_00,
          currency: 'JPY',
          purpose: 'refund',
          ...said,
        },
      });
  });

  it('is asked of what was captured, whatever became of the authorization', () => {
    for (const end of [voided, expired]) {
      given(multiple(), captured('c1', 60_00), end)
        .when(refund('r1', 60_00))
        .then(refundRequested('c1', 'r1', 60_00));
    }
  });

  describe('takes from what is left while it may still succeed', () => {
    const begun = [...taken, refundRequested('c1', 'r1', 40_00)];

    it.each([
      ['requested', []],
      ['pending', [refundPending('r1')]],
      ['succeeded', [refundSucceeded('r1')]],
    ])('%s', (_, course) =>
      given(...begun, ...course)
        .when(refund('r2', 20_01))
        .thenRejected('amount_exceeds_refund_balance', { left: 20_00 }),
    );

    it.each([
      ['declined', [refundDeclined('r1')]],
      ['failed', [refundFailed('r1')]],
      ['voided', [refundVoided('r1')]],
      ['reversed', [refundSucceeded('r1', 12), refundReversed('r1')]],
    ])('but no longer when it is %s', (_, course) =>
      given(...begun, ...course)
        .when(refund('r2', 60_00))
        .then(refundRequested('c1', 'r2', 60_00)),
    );
  });

  describe('without a capture is of the first that can bear all of it', () => {
    const history = [
      multiple(),
      requested('c1', 10_00),
      failed('c1'),
      requested('c2', 15_00, { sequence: 2 }),
      captured('c3', 20_00, { sequence: 3 }),
      captured('c4', 50_00, { sequence: 4 }),
    ];

    it('passing over what did not succeed, or has too little left', () => {
      given(...history)
        .when(refund('r1', 10_00, null))
        .then(refundRequested('c3', 'r1', 10_00));
      given(...history)
        .when(refund('r1', 20_00, null))
        .then(refundRequested('c3', 'r1', 20_00));
      given(...history)
        .when(refund('r1', 20_01, null))
        .then(refundRequested('c4', 'r1', 20_01));
    });

    it('and is never split', () =>
      given(...history)
        .when(refund('r1', 60_00, null))
        .thenRejected('amount_exceeds_refund_balance'));

    it('passing over one that is being voided', () =>
      given(...history, voidRequested('c3'))
        .when(refund('r1', 10_00, null))
        .then(refundRequested('c4', 'r1', 10_00)));

    it('without an amount it is of the first with anything left', () => {
      given(...history)
        .when(refund('r1', 'next', null))
        .then(refundRequested('c3', 'r1', 20_00));
      given(...history, refunded('c3', 'r0', 19_99))
        .when(refund('r1', 'next', null))
        .then(refundRequested('c3', 'r1', 1));
      given(...history, refunded('c3', 'r0', 20_00))
        .when(refund('r1', 'next', null))
        .then(refundRequested('c4', 'r1', 50_00));
      given(...history, nextRefundSet('c3', 5_00))
        .when(refund('r1', 'next', null))
        .then(refundRequested('c3', 'r1', 5_00));
    });

    it('told again it is the same refund, wherever that went', () =>
      given(...history, refundRequested('c4', 'r1', 10_00))
        .when(refund('r1', 10_00, null))
        .thenNothing());
  });

  describe('is the same refund when it is told again with the same terms', () => {
    const history = [...taken, refundRequested('c1', 'r1', 25_00)];

    it('whatever became of it, or of its capture', () => {
      given(...history)
        .when(refund('r1', 25_00))
        .thenNothing();
      given(...history, refundDeclined('r1'))
        .when(refund('r1', 25_00))
        .thenNothing();
      given(...history, refundFailed('r1', 12), canceled('c1'))
        .when(refund('r1', 25_00))
        .thenNothing();
      given(...history, refundFailed('r1', 12), voidRequested('c1'))
        .when(refund('r1', 25_00))
        .thenNothing();
    });

    it('what is omitted is not compared', () => {
      given(...history)
        .when(refund('r1', 'next'))
        .thenNothing();
      given(...history)
        .when(refund('r1', 25_00, null))
        .thenNothing();
      given(...history)
        .when({ ...refund('r1', 25_00), reason: 'other' })
        .thenNothing();
    });

    it('but not with another amount, nor of another capture', () => {
      given(...history)
        .when(refund('r1', 25_01))
        .thenRejected('refund_exists_with_different_terms');
      given(...history)
        .when(refund('r1', 25_01, null))
        .thenRejected('refund_exists_with_different_terms');
      given(multiple(), captured('c1', 30_00), captured('c2', 30_00, { sequence: 2 }))
        .when(refund('r1', 25_00, 'c2'))
        .then(refundRequested('c2', 'r1', 25_00));
      given(
        multiple(),
        captured('c1', 30_00),
        captured('c2', 30_00, { sequence: 2 }),
        refundRequested('c1', 'r1', 25_00),
      )
        .when(refund('r1', 25_00, 'c2'))
        .thenRejected('refund_exists_with_different_terms');
    });
  });
});

import type { CreateCapture } from '#capture/commands.js';
import { create } from './commands.js';
import {
  adjusted,
  authorization,
  canceled,
  captured,
  declined,
  failed,
  finalCapture,
  given,
  multiple,
  pending,
  requested,
  reversed,
  succeeded,
  voided,
} from './fixtures.js';

/** So many captures of one cent, all of them live. */
const live = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    requested(`c${index + 1}`, 1, { sequence: index + 1 }),
  );

describe('CreateCapture', () => {
  it('may be the final one beside others that are live', () =>
    given(multiple(), captured('c1', 30_00), requested('c2', 30_00, { sequence: 2 }))
      .when(create('c3', 40_00, { final: true }))
      .then(finalCapture('c3', 40_00, { sequence: 3 })));

  describe('takes what it is not told', () => {
    it('all that is capturable', () => {
      given(authorization()).when(create('c1', 'all')).then(finalCapture('c1', 100_00));
      given(multiple(), requested('c1', 60_00))
        .when(create('c2', 'all'))
        .then(requested('c2', 40_00, { sequence: 2 }));
    });

    it('all that the limit allows where over-capture was agreed', () =>
      given(authorization({ overCapture: { percentage: 15 } }))
        .when(create('c1', 'all'))
        .then(finalCapture('c1', 115_00)));

    it('the currency of the authorization', () =>
      given(authorization({ currency: 'JPY' }))
        .when(create('c1', 60_00))
        .then(finalCapture('c1', 60_00, { currency: 'JPY' })));

    it('final under manual, not final under manual_multiple', () => {
      given(authorization()).when(create('c1', 1)).then(finalCapture('c1', 1));
      given(multiple()).when(create('c1', 1)).then(requested('c1', 1));
      given(multiple())
        .when(create('c1', 1, { final: true }))
        .then(finalCapture('c1', 1));
    });
  });

  it('keeps what its sender said, and says nothing of what they did not', () => {
    const said: Partial<CreateCapture> = {
      idempotencyKey: 'key-1',
      externalIdentifier: 'order 7 / box 1',
      paymentReference: 'PR-1',
      reference: 'box 1',
      referenceOrigin: 'warehouse',
      cartItems: [{ name: 'tea', quantity: 2, unitAmount: 30_00, taxAmount: 0 }],
      installments: 3,
      statementDescriptor: 'TEA SHOP',
      date: '2026-11-21',
      metadata: { parcel: 'A', fragile: true, weight: 2 },
    };
    given(authorization())
      .when(create('c1', 60_00, { currency: 'EUR', final: true, actor: 'anna', ...said }))
      .then({
        type: 'CaptureCreated',
        data: {
          captureId: 'c1',
          sequence: 1,
          amount: 60_00,
          currency: 'EUR',
          final: true,
          ...said,
        },
      });
  });

  describe('is numbered in order of creation', () => {
    it('counting what failed or was canceled: each keeps its number', () =>
      given(
        multiple(),
        requested('c1', 10_00),
        failed('c1'),
        requested('c2', 20_00, { sequence: 2 }),
        canceled('c2'),
        requested('c3', 30_00, { sequence: 3 }),
      )
        .when(create('c4', 40_00))
        .then(requested('c4', 40_00, { sequence: 4 })));

    it('under manual too, when the one before it is no longer live', () =>
      given(authorization(), finalCapture('c1', 60_00), declined('c1'))
        .when(create('c2', 100_00))
        .then(finalCapture('c2', 100_00, { sequence: 2 })));
  });

  describe('holds its amount while it may still succeed', () => {
    it.each([
      ['requested', []],
      ['pending', [pending('c1')]],
      ['succeeded', [succeeded('c1')]],
    ])('%s', (_, course) =>
      given(multiple(), requested('c1', 60_00), ...course)
        .when(create('c2', 40_01))
        .thenRejected('amount_exceeds_capturable', { capturable: 40_00 }),
    );

    it.each([
      ['declined', [declined('c1')]],
      ['failed', [failed('c1')]],
      ['reversed', [succeeded('c1', 5), reversed('c1')]],
      ['canceled', [canceled('c1')]],
    ])('but no longer when it is %s', (_, course) =>
      given(multiple(), requested('c1', 60_00), ...course)
        .when(create('c2', 100_00))
        .then(requested('c2', 100_00, { sequence: 2 })),
    );
  });

  it('counts on the amount as last adjusted', () => {
    given(authorization(), adjusted(120_00))
      .when(create('c1', 120_00))
      .then(finalCapture('c1', 120_00));
    given(authorization(), adjusted(80_00))
      .when(create('c1', 80_01))
      .thenRejected('amount_exceeds_capturable', { capturable: 80_00 });
  });

  it('takes as many live captures as agreed, 50 where nothing was', () => {
    given(multiple({ maxCaptures: 2 }), live(1))
      .when(create('next', 1))
      .then(requested('next', 1, { sequence: 2 }));
    given(multiple({ maxCaptures: 2 }), live(2))
      .when(create('next', 1))
      .thenRejected('too_many_captures');
    given(multiple({ maxCaptures: 2 }), live(2), failed('c1'))
      .when(create('next', 1))
      .then(requested('next', 1, { sequence: 3 }));
    given(multiple(), live(49))
      .when(create('next', 1))
      .then(requested('next', 1, { sequence: 50 }));
    given(multiple(), live(50)).when(create('next', 1)).thenRejected('too_many_captures');
  });

  it('refuses an omitted amount that comes to nothing as it refuses one that is too large', () => {
    const all = [multiple(), requested('c1', 100_00)];
    given(...all)
      .when(create('c2', 'all'))
      .thenRejected('amount_exceeds_capturable', { capturable: 0 });
    given(...all)
      .when(create('c2', 1))
      .thenRejected('amount_exceeds_capturable', { capturable: 0 });
  });

  describe('is the same capture when it is told again with the same terms', () => {
    const history = [authorization(), captured('c1', 60_00, { final: true })];

    it('whatever else is said about it', () => {
      given(...history)
        .when(create('c1', 60_00))
        .thenNothing();
      given(...history)
        .when(create('c1', 60_00, { currency: 'EUR', final: true, reference: 'other' }))
        .thenNothing();
    });

    it('what is omitted is not compared', () =>
      given(...history)
        .when(create('c1', 'all'))
        .thenNothing());

    it('also when the authorization takes no more captures', () => {
      given(multiple(), captured('c1', 60_00), voided).when(create('c1', 60_00)).thenNothing();
      given(multiple(), requested('c1', 60_00), failed('c1'))
        .when(create('c1', 60_00))
        .thenNothing();
    });

    it.each([
      ['amount', create('c1', 60_01)],
      ['currency', create('c1', 60_00, { currency: 'USD' })],
      ['final', create('c1', 60_00, { final: false })],
    ])('but not with another %s', (_, again) =>
      given(...history)
        .when(again)
        .thenRejected('capture_exists_with_different_terms'),
    );
  });
});

import type { RegisterAuthorization } from '#capture/commands.js';
import { anomaly, register, tell } from './commands.js';
import { adjusted, at, authorization, finalCapture, given, succeeded, voided } from './fixtures.js';

describe('RegisterAuthorization', () => {
  it('takes a live mode where none is said', () => {
    given().when(register()).then(authorization());
    given()
      .when(register({ mode: 'test' }))
      .then(authorization({ mode: 'test' }));
  });

  it('keeps what its sender said, and says nothing of what they did not', () => {
    const said: Partial<RegisterAuthorization> = {
      captureMethod: 'manual_multiple',
      paymentId: 'pay-1',
      connectorTransactionId: 'ch_1',
      maxCaptures: 3,
      expiresAt: at(59),
      externalIdentifier: 'order 7',
      orderRef: 'order-7',
      paymentSourceRef: 'card-1',
      paymentMethodType: 'card',
      network: 'visa',
      connectedAccountId: 'acct-1',
      merchantId: 'm-1',
      reconciliationRef: 'rec-1',
    };
    given()
      .when(register({ ...said, actor: 'anna' }))
      .then(authorization(said));
    given()
      .when(register({ overCapture: { amount: 5_00, percentage: 15 } }))
      .then(authorization({ overCapture: { amount: 5_00, percentage: 15 } }));
  });

  it('creates the one capture of an automatic authorization: all of it, final, the first', () =>
    given()
      .when(register({ captureMethod: 'automatic', captureId: 'c1' }))
      .then(authorization({ captureMethod: 'automatic' }), finalCapture('c1', 100_00)));

  it('says the currency of an automatic capture', () =>
    given()
      .when(register({ captureMethod: 'automatic', captureId: 'c1', currency: 'JPY' }))
      .then(
        authorization({ captureMethod: 'automatic', currency: 'JPY' }),
        finalCapture('c1', 100_00, { currency: 'JPY' }),
      ));

  it('comes also where a stream holds only what could not be placed, or was refused', () =>
    given(anomaly('unknown_capture', tell('succeeded')), {
      type: 'CommandRejected',
      data: { commandType: 'CreateCapture', reason: 'authorization_unknown', details: {} },
    })
      .when(register())
      .then(authorization()));

  describe('is the same authorization when it is told again with the same terms', () => {
    const terms = {
      captureMethod: 'manual_multiple',
      maxCaptures: 3,
    } as const;

    it('as they were registered, whatever became of it since', () => {
      given(authorization(terms), adjusted(80_00)).when(register(terms)).thenNothing();
      given(authorization(terms), voided).when(register(terms)).thenNothing();
      given(authorization(), finalCapture('c1', 60_00), succeeded('c1'))
        .when(register())
        .thenNothing();
      given(authorization({ captureMethod: 'automatic' }), finalCapture('c1', 100_00))
        .when(register({ captureMethod: 'automatic', captureId: 'c1' }))
        .thenNothing();
    });

    it('what is omitted is not compared', () => {
      given(authorization(terms))
        .when(register({ captureMethod: 'manual_multiple' }))
        .thenNothing();
      given(authorization({ overCapture: { amount: 5_00 } }))
        .when(register())
        .thenNothing();
    });

    it('an automatic capture keeps the id that it was given first', () =>
      given(authorization({ captureMethod: 'automatic' }), finalCapture('c1', 100_00))
        .when(register({ captureMethod: 'automatic', captureId: 'c2' }))
        .thenNothing());

    it('what is no term is not compared', () =>
      given(authorization({ paymentId: 'pay-1' }))
        .when(register({ paymentId: 'pay-2', mode: 'test', orderRef: 'order-7' }))
        .thenNothing());

    it.each<[string, Partial<RegisterAuthorization>]>([
      ['amount', { amount: 100_01 }],
      ['currency', { currency: 'USD' }],
      ['captureMethod', { captureMethod: 'manual_multiple' }],
      ['connector', { connector: 'adyen' }],
      ['overCapture amount', { overCapture: { amount: 5_01, percentage: 15 } }],
      ['overCapture percentage', { overCapture: { amount: 5_00, percentage: 16 } }],
    ])('but not with another %s', (_, others) =>
      given(authorization({ overCapture: { amount: 5_00, percentage: 15 } }))
        .when(register(others))
        .thenRejected('authorization_exists_with_different_terms'),
    );

    it('nor with other maxCaptures, nor with terms that were not said then', () => {
      given(authorization(terms))
        .when(register({ ...terms, maxCaptures: 4 }))
        .thenRejected('authorization_exists_with_different_terms');
      given(authorization())
        .when(register({ overCapture: { amount: 5_00 } }))
        .thenRejected('authorization_exists_with_different_terms');
    });

    it('nor with the amount as it was adjusted', () =>
      given(authorization(), adjusted(80_00))
        .when(register({ amount: 80_00 }))
        .thenRejected('authorization_exists_with_different_terms'));
  });
});

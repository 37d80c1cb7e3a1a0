import type { AuthorizationEvent } from '#capture/events.js';
import type { History } from '../given-when-then.js';
import { adjust, create, expireAuthorization, voidAuthorization } from './commands.js';
import {
  adjusted,
  at,
  authorization,
  automatic,
  canceled,
  captured,
  declined,
  expired,
  failed,
  finalCapture,
  given,
  multiple,
  pending,
  requested,
  succeeded,
  voided,
} from './fixtures.js';

// Late successes bring an authorization, voided or expired or with a capture in flight, to its close.
const open = [multiple(), requested('c1', 60_00)];
const closed: History<AuthorizationEvent> = [
  authorization(),
  captured('c1', 60_00, { final: true }),
];
const voidedAndClosed = [...open, failed('c1'), adjusted(60_00), voided, succeeded('c1')];
const expiredAndClosed = [...open, adjusted(60_00), expired, succeeded('c1')];
const closedWithCaptureInFlight = [
  ...open,
  finalCapture('c2', 40_00, { sequence: 2 }),
  succeeded('c2'),
];

describe('AdjustAuthorization', () => {
  it('sets the new total, up and down', () => {
    given(authorization()).when(adjust(120_00)).then(adjusted(120_00));
    given(...open)
      .when(adjust(60_00))
      .then(adjusted(60_00));
  });

  it('keeps the new expiry and the reason', () =>
    given(authorization())
      .when(adjust(120_00, { expiresAt: at(59), reason: 'one more night' }))
      .then({
        type: 'AuthorizationAdjusted',
        data: { amount: 120_00, expiresAt: at(59), reason: 'one more night' },
      }));

  it('is nothing new with the same amount and expiry', () => {
    given(authorization()).when(adjust(100_00)).thenNothing();
    given(authorization(), adjusted(80_00)).when(adjust(80_00)).thenNothing();
    given(authorization({ expiresAt: at(59) }))
      .when(adjust(100_00, { expiresAt: at(59) }))
      .thenNothing();
    given(authorization({ expiresAt: at(59) }))
      .when(adjust(100_00))
      .thenNothing();
  });

  it('is an event with the same amount and another expiry, or back to an amount it had before', () => {
    given(authorization())
      .when(adjust(100_00, { expiresAt: at(59) }))
      .then({ type: 'AuthorizationAdjusted', data: { amount: 100_00, expiresAt: at(59) } });
    given(authorization(), adjusted(80_00)).when(adjust(100_00)).then(adjusted(100_00));
    const later: AuthorizationEvent = {
      type: 'AuthorizationAdjusted',
      data: { amount: 100_00, expiresAt: at(59) },
    };
    given(authorization(), later)
      .when(adjust(100_00, { expiresAt: at(59) }))
      .thenNothing();
    given(authorization(), later, adjusted(80_00))
      .when(adjust(80_00, { expiresAt: at(59) }))
      .thenNothing();
  });

  it('never goes under what is held, over-capture reckoned from the new amount', () => {
    given(...open)
      .when(adjust(59_99))
      .thenRejected('amount_below_held', { held: 60_00 });
    given(authorization({ overCapture: { percentage: 50 } }), finalCapture('c1', 60_00))
      .when(adjust(40_00))
      .then(adjusted(40_00));
    given(authorization({ overCapture: { percentage: 50 } }), finalCapture('c1', 60_00))
      .when(adjust(39_99))
      .thenRejected('amount_below_held', { held: 60_00 });
  });

  it('makes over-capture follow the new amount', () => {
    given(authorization({ overCapture: { percentage: 50 } }), adjusted(200_00))
      .when(create('c1', 'all'))
      .then(finalCapture('c1', 300_00));
    given(authorization({ overCapture: { amount: 5_00 } }), adjusted(200_00))
      .when(create('c1', 'all'))
      .then(finalCapture('c1', 205_00));
  });

  it('is refused for the first of its reasons, in order', () => {
    given().when(adjust(1)).thenRejected('authorization_unknown');
    given(...voidedAndClosed)
      .when(adjust(1))
      .thenRejected('authorization_voided');
    given(...expiredAndClosed)
      .when(adjust(1))
      .thenRejected('authorization_expired');
    given(...closed)
      .when(adjust(1))
      .thenRejected('authorization_closed');
    given(...closed)
      .when(adjust(200_00))
      .thenRejected('authorization_closed');
  });
});

describe('VoidAuthorization', () => {
  it('is for good, and told again nothing new', () => {
    given(authorization()).when(voidAuthorization).then(voided);
    given(authorization(), voided).when(voidAuthorization).thenNothing();
    given(authorization(), voided).when(create('c1', 1)).thenRejected('authorization_voided');
  });

  it('keeps the reason', () =>
    given(authorization())
      .when({ ...voidAuthorization, reason: 'sold out' })
      .then({ type: 'AuthorizationVoided', data: { reason: 'sold out' } }));

  it('waits for no capture that is over, and touches none that succeeded', () => {
    for (const over of [declined('c1'), failed('c1'), canceled('c1'), succeeded('c1')]) {
      given(...open, over)
        .when(voidAuthorization)
        .then(voided);
    }
  });

  it('is refused while a capture is requested or pending', () => {
    given(...open)
      .when(voidAuthorization)
      .thenRejected('authorization_has_captures');
    given(...open, pending('c1'))
      .when(voidAuthorization)
      .thenRejected('authorization_has_captures');
    given(...automatic)
      .when(voidAuthorization)
      .thenRejected('authorization_has_captures');
  });

  it('is refused for the first of its reasons, in order', () => {
    given().when(voidAuthorization).thenRejected('authorization_unknown');
    given(...expiredAndClosed)
      .when(voidAuthorization)
      .thenRejected('authorization_expired');
    given(...open, expired)
      .when(voidAuthorization)
      .thenRejected('authorization_expired');
    given(...closedWithCaptureInFlight)
      .when(voidAuthorization)
      .thenRejected('authorization_closed');
  });
});

describe('ExpireAuthorization', () => {
  it('is for good, and told again nothing new', () => {
    given(authorization()).when(expireAuthorization).then(expired);
    given(authorization(), expired).when(expireAuthorization).thenNothing();
    given(authorization(), expired).when(create('c1', 1)).thenRejected('authorization_expired');
  });

  it('comes whatever is in flight, and when all is captured', () => {
    given(...open)
      .when(expireAuthorization)
      .then(expired);
    given(...open, pending('c1'))
      .when(expireAuthorization)
      .then(expired);
    given(...closed)
      .when(expireAuthorization)
      .then(expired);
  });

  it('is refused where there is nothing, or nothing any more, to expire', () => {
    given().when(expireAuthorization).thenRejected('authorization_unknown');
    given(authorization(), voided).when(expireAuthorization).thenRejected('authorization_voided');
  });

  it('comes with the command and never with expiresAt, which is information', () =>
    given(authorization({ expiresAt: at(1) }))
      .when(create('c1', 60_00))
      .then(finalCapture('c1', 60_00)));
});

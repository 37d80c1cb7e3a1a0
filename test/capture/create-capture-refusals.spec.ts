import type { AuthorizationEvent } from '#capture/events.js';
import type { Rejection } from '#capture/rejections.js';
import type { CreateCapture } from '#capture/commands.js';
import type { History } from '../given-when-then.js';
import { create } from './commands.js';
import {
  adjusted,
  authorization,
  automatic,
  captured,
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

type Refusal = readonly [Rejection, string, History<AuthorizationEvent>, CreateCapture];

const inDollars = create('new', 999_99, { currency: 'USD', final: false });
const tooMuch = create('new', 999_99, { final: false });
const closed = [authorization(), captured('c1', 60_00, { final: true })];

describe('CreateCapture is refused for the first of its reasons, in order', () => {
  it.each<Refusal>([
    ['authorization_unknown', 'in any currency', [], inDollars],
    [
      'capture_exists_with_different_terms',
      'before currency_differs',
      [authorization(), finalCapture('c1', 60_00)],
      create('c1', 60_00, { currency: 'USD' }),
    ],
    [
      'capture_exists_with_different_terms',
      'before authorization_closed',
      closed,
      create('c1', 60_01),
    ],
    ['currency_differs', 'before authorization_voided', [authorization(), voided], inDollars],
    ['currency_differs', 'before authorization_closed', closed, inDollars],
    [
      'authorization_voided',
      'before authorization_closed',
      [multiple(), requested('c1', 60_00), failed('c1'), adjusted(60_00), voided, succeeded('c1')],
      tooMuch,
    ],
    [
      'authorization_expired',
      'before authorization_closed',
      [multiple(), requested('c1', 100_00), expired, succeeded('c1')],
      tooMuch,
    ],
    [
      'authorization_closed',
      'before capture_method_automatic',
      [...automatic, succeeded('c1')],
      tooMuch,
    ],
    ['authorization_closed', 'before multiple_captures_not_enabled', closed, tooMuch],
    [
      'authorization_closed',
      'before final_capture_exists',
      [multiple(), captured('c1', 60_00, { final: true })],
      tooMuch,
    ],
    [
      'authorization_closed',
      'when what succeeded reaches the limit, before too_many_captures',
      [multiple({ maxCaptures: 1 }), captured('c1', 100_00)],
      tooMuch,
    ],
    ['capture_method_automatic', 'before multiple_captures_not_enabled', automatic, tooMuch],
    [
      'capture_method_automatic',
      'also when its one capture failed',
      [...automatic, failed('c1')],
      create('new', 100_00),
    ],
    [
      'multiple_captures_not_enabled',
      'before final_capture_exists',
      [authorization(), finalCapture('c1', 60_00)],
      create('new', 999_99),
    ],
    [
      'multiple_captures_not_enabled',
      'when it is not to be final, before amount_exceeds_capturable',
      [authorization()],
      tooMuch,
    ],
    [
      'multiple_captures_not_enabled',
      'when it is not to be final, though no capture stands',
      [authorization()],
      create('new', 1, { final: false }),
    ],
    [
      'final_capture_exists',
      'before too_many_captures',
      [multiple({ maxCaptures: 1 }), finalCapture('c1', 60_00)],
      tooMuch,
    ],
    [
      'final_capture_exists',
      'while it is pending',
      [multiple(), finalCapture('c1', 60_00), pending('c1')],
      create('new', 1),
    ],
    [
      'too_many_captures',
      'before amount_exceeds_capturable',
      [multiple({ maxCaptures: 1 }), requested('c1', 60_00)],
      tooMuch,
    ],
    [
      'amount_exceeds_capturable',
      'by one cent',
      [multiple(), requested('c1', 60_00)],
      create('new', 40_01),
    ],
  ])('%s %s', (reason, _, history, command) =>
    given(...history)
      .when(command)
      .thenRejected(reason),
  );

  it('says both currencies, and how many captures there may be', () => {
    given(authorization())
      .when(inDollars)
      .thenRejected('currency_differs', { currency: 'USD', authorized: 'EUR' });
    given(multiple({ maxCaptures: 1 }), requested('c1', 60_00))
      .when(create('new', 1))
      .thenRejected('too_many_captures', { maxCaptures: 1 });
  });

  it('never says less than nothing is capturable', () =>
    given(
      multiple(),
      requested('c1', 60_00),
      failed('c1'),
      requested('c2', 70_00, { sequence: 2 }),
      succeeded('c1'),
    )
      .when(create('new', 1))
      .thenRejected('amount_exceeds_capturable', { capturable: 0 }));
});

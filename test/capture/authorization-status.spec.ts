import { authorizationDecider } from '#capture/decide.js';
import type { AuthorizationEvent } from '#capture/events.js';
import type { History } from '../given-when-then.js';
import { stateAfter } from '../given-when-then.js';
import {
  adjusted,
  authorization,
  automatic,
  canceled,
  captured,
  declined,
  expired,
  failed,
  finalCapture,
  multiple,
  pending,
  requested,
  reversed,
  succeeded,
  voided,
} from './fixtures.js';
import { shownBy } from './story.js';

const after = (...history: History<AuthorizationEvent>) =>
  stateAfter(authorizationDecider, history);

describe('what an authorization shows', () => {
  const c1 = requested('c1', 60_00);
  const twoHeld = [multiple(), c1, failed('c1'), requested('c2', 70_00, { sequence: 2 })];

  it.each<[string, History<AuthorizationEvent>, Record<string, unknown>]>([
    ['registered', [authorization()], { status: 'requires_capture', capturable: 100_00, held: 0 }],
    [
      'in flight, more capturable',
      [multiple(), c1],
      { held: 60_00, capturable: 40_00, released: 0, takesCaptures: true },
    ],
    [
      'in flight, as many as there may be: the rest is set aside',
      [multiple({ maxCaptures: 1 }), c1],
      { status: 'processing', capturable: 0, released: 40_00, takesCaptures: false },
    ],
    [
      'in flight, final: the rest is set aside',
      [multiple(), finalCapture('c1', 60_00), pending('c1')],
      { status: 'processing', held: 60_00, capturable: 0, released: 40_00, closed: false },
    ],
    [
      'in flight, final, then failed: the rest comes back',
      [multiple(), finalCapture('c1', 60_00), failed('c1')],
      { status: 'requires_capture', held: 0, capturable: 100_00, released: 0 },
    ],
    [
      'captured in part, more capturable',
      [multiple(), c1, succeeded('c1')],
      { status: 'partially_captured_and_capturable', captured: 60_00, capturable: 40_00 },
    ],
    [
      'captured in part and capturable, with another in flight',
      [multiple(), captured('c1', 60_00), requested('c2', 30_00, { sequence: 2 })],
      { status: 'partially_captured_and_capturable', capturable: 10_00 },
    ],
    [
      'captured in part, the rest in flight',
      [multiple(), captured('c1', 60_00), requested('c2', 40_00, { sequence: 2 })],
      { status: 'processing', capturable: 0, closed: false },
    ],
    [
      'captured in part, final',
      [multiple(), captured('c1', 60_00, { final: true })],
      { status: 'partially_captured', closed: true, released: 40_00, capturable: 0 },
    ],
    [
      'captured in part, then voided',
      [multiple(), captured('c1', 60_00), voided],
      { status: 'partially_captured', closed: false, released: 40_00, capturable: 0 },
    ],
    [
      'captured in part, then expired with another in flight',
      [multiple(), captured('c1', 60_00), requested('c2', 30_00, { sequence: 2 }), expired],
      { status: 'processing', held: 90_00, released: 10_00 },
    ],
    [
      'captured in whole, by several',
      [multiple(), captured('c1', 60_00), captured('c2', 40_00, { sequence: 2 })],
      { status: 'succeeded', closed: true, released: 0, takesCaptures: false },
    ],
    [
      'captured in whole, not to its limit',
      [authorization({ overCapture: { amount: 20_00 } }), captured('c1', 100_00, { final: true })],
      { status: 'succeeded', closed: true, limit: 120_00, released: 20_00 },
    ],
    [
      'captured less than it was adjusted to',
      [authorization(), adjusted(120_00), captured('c1', 100_00, { final: true })],
      { status: 'partially_captured', limit: 120_00 },
    ],
    ['voided', [multiple(), c1, failed('c1'), voided], { status: 'voided', released: 100_00 }],
    ['expired', [multiple(), c1, declined('c1'), expired], { status: 'expired', released: 100_00 }],
    ['every capture failed', [multiple(), c1, failed('c1')], { status: 'requires_capture' }],
    ['its capture reversed', [multiple(), captured('c1', 60_00), reversed('c1')], { captured: 0 }],
    ['automatic', automatic, { status: 'processing', held: 100_00, capturable: 0 }],
    ['automatic, captured', [...automatic, succeeded('c1')], { status: 'succeeded', closed: true }],
    [
      'automatic, failed: it takes no other capture',
      [...automatic, failed('c1')],
      { status: 'failed', capturable: 0, released: 100_00, closed: false },
    ],
    ['automatic, canceled', [...automatic, canceled('c1')], { status: 'voided', released: 100_00 }],
    ['automatic, expired', [...automatic, failed('c1'), expired], { status: 'expired' }],
    [
      'over-captured by facts',
      [...twoHeld, succeeded('c1')],
      { held: 130_00, overCaptured: 30_00, capturable: 0, released: 0, closed: false },
    ],
    [
      'over-captured by facts, closed',
      [...twoHeld, succeeded('c1'), succeeded('c2')],
      { status: 'succeeded', captured: 130_00, overCaptured: 30_00, closed: true },
    ],
  ])('%s', (_, history, shown) => expect(shownBy(after(...history))).toMatchObject(shown));
});

import {
  capturableOf,
  capturedInAll,
  heldOf,
  inJson,
  leftOf,
  nextRefundAmountOf,
  overCapturedOf,
  overRefundedOf,
  refundStateOf,
} from '#capture/balances.js';
import { authorizationDecider } from '#capture/decide.js';
import type { AuthorizationEvent } from '#capture/events.js';
import type { OverCapture } from '#capture/values.js';
import type { History } from '../given-when-then.js';
import { stateAfter } from '../given-when-then.js';
import { voidAuthorization } from './commands.js';
import {
  authorization,
  captured,
  failed,
  given,
  multiple,
  nextRefundSet,
  refundDeclined,
  refunded,
  refundRequested,
  refundVoided,
  requested,
  reversed,
  succeeded,
} from './fixtures.js';

const after = (...history: History<AuthorizationEvent>) =>
  stateAfter(authorizationDecider, history);

describe('the limit of what commands may hold', () => {
  it.each<[number, OverCapture | undefined, number]>([
    [2_000, undefined, 2_000],
    [2_000, { percentage: 250 }, 7_000],
    [2_000, { amount: 500 }, 2_500],
    [2_000, { amount: 500, percentage: 25 }, 2_500],
    [2_000, { amount: 500, percentage: 26 }, 2_520],
    [2_000, { amount: 501, percentage: 25 }, 2_501],
    [999, { percentage: 15 }, 1_148],
    [1, { percentage: 99 }, 1],
    [2 ** 53 - 1, { percentage: 1 }, 2 ** 53 - 1],
    [2 ** 53 - 2, { amount: 2 }, 2 ** 53 - 1],
    [2 ** 53 - 2, { amount: 1 }, 2 ** 53 - 1],
    [9_007_199_254_740_000, { percentage: 0, amount: 991 }, 2 ** 53 - 1],
  ])('of %d with %j is %d', (amount, overCapture, limit) => {
    const state = after(authorization({ amount, ...(overCapture ? { overCapture } : {}) }));
    expect(capturableOf(state)).toBe(BigInt(limit));
  });
});

describe('what a capture shows of its refunds', () => {
  const taken = [authorization(), captured('c1', 60_00, { final: true })];
  const shown = (...course: History<AuthorizationEvent>) => {
    const [capture] = after(...taken, ...course).captures;
    if (!capture) throw new Error('every history here has a capture');
    return {
      state: refundStateOf(capture),
      left: leftOf(capture),
      next: nextRefundAmountOf(capture),
      over: overRefundedOf(capture),
    };
  };

  it.each([
    ['nothing', [], { state: 'none', left: 60_00n, next: 60_00n, over: 0n }],
    ['a refund asked for', [refundRequested('c1', 'r1', 20_00)], { state: 'none', left: 40_00n }],
    ['a refund in part', [refunded('c1', 'r1', 20_00)], { state: 'partial', left: 40_00n }],
    ['a refund in whole', [refunded('c1', 'r1', 60_00)], { state: 'full', left: 0n, next: 0n }],
    [
      'refunds of all of it, one of them in flight',
      [refunded('c1', 'r1', 20_00), refundRequested('c1', 'r2', 40_00)],
      { state: 'partial', left: 0n, over: 0n },
    ],
    [
      'refunds that did not stand',
      [
        refundRequested('c1', 'r1', 20_00),
        refundDeclined('r1'),
        refundRequested('c1', 'r2', 20_00),
        refundVoided('r2'),
      ],
      { state: 'none', left: 60_00n },
    ],
    ['the next amount set', [nextRefundSet('c1', 5_00)], { left: 60_00n, next: 5_00n }],
    [
      'its reversal',
      [refunded('c1', 'r1', 20_00), reversed('c1')],
      { left: 0n, next: 0n, over: 20_00n },
    ],
  ])('after %s', (_, course, numbers) => expect(shown(...course)).toMatchObject(numbers));
});

describe('sums that no JavaScript number can hold', () => {
  const greatest = 2 ** 53 - 1;
  const beyond = [
    multiple({ amount: greatest }),
    requested('c1', greatest),
    failed('c1'),
    requested('c2', greatest - 1, { sequence: 2 }),
    succeeded('c1'),
  ];

  it('are exact: facts alone get there', () => {
    expect(heldOf(after(...beyond))).toBe(2n ** 54n - 3n);
    expect(overCapturedOf(after(...beyond))).toBe(2n ** 53n - 2n);
    expect(capturedInAll(after(...beyond, succeeded('c2')))).toBe(2n ** 54n - 3n);
  });

  it('are text in the details of a refusal', () =>
    given(...beyond, succeeded('c2'))
      .when(voidAuthorization)
      .thenRejected('authorization_closed', { captured: '18014398509481981', limit: greatest }));
});

it('says a sum as a number while JSON can, and as text beyond', () => {
  expect(inJson(2n ** 53n - 1n)).toBe(9_007_199_254_740_991);
  expect(inJson(2n ** 53n)).toBe('9007199254740992');
});

import type { AuthorizationCommand } from '#capture/commands.js';
import {
  cancel,
  create,
  forward,
  refund,
  register,
  setNextRefund,
  tell,
  tellCancel,
  tellRefund,
} from './commands.js';
import { at } from './fixtures.js';
import { ordersOf, storyOf } from './story.js';

const manual = (amount: number) => register({ amount });
const multiple = (amount: number) => register({ amount, captureMethod: 'manual_multiple' });
const succeeds = (captureId: string, minute = 30) =>
  tell('succeeded', { captureId, occurredAt: at(minute) });
const fails = (captureId: string) => tell('failed', { captureId });
const isReversed = (minute = 30) => tell('reversed', { occurredAt: at(minute) });

it('1: what fails is capturable again, and keeps its number', () => {
  const story = storyOf(
    multiple(10_000),
    create('c1', 3_000),
    succeeds('c1'),
    create('c2', 4_000),
    tell('pending', { captureId: 'c2' }),
  );
  story.refuses(create('c3', 5_000), 'amount_exceeds_capturable', { capturable: 3_000 });
  story.accepts(fails('c2'));
  story.shows({ capturable: 7_000, closed: false, status: 'partially_captured_and_capturable' });
  story.accepts(create('c4', 7_000));
  story.showsCapture('c4', { sequence: 3 });
  story.accepts(succeeds('c4'));
  story.shows({ closed: true, captured: 10_000, capturable: 0, released: 0, status: 'succeeded' });
});

it('2: the capture of a manual authorization is its last, and the rest is set aside at once', () => {
  const story = storyOf(manual(10_000), create('c1', 6_000));
  story.shows({ held: 6_000, capturable: 0, released: 4_000, closed: false, status: 'processing' });
  story.accepts(succeeds('c1'));
  story.shows({ captured: 6_000, released: 4_000, closed: true, status: 'partially_captured' });
});

it('3: over-capture takes what was agreed, and not one cent more', () => {
  const authorized = register({ amount: 2_000, overCapture: { percentage: 250 } });
  const story = storyOf(authorized);
  story.shows({ limit: 7_000, capturable: 7_000 });
  story.refuses(create('c1', 7_001), 'amount_exceeds_capturable', { capturable: 7_000 });
  story.accepts(create('c2', 7_000));
});

it('4: a connector that timed out may have moved the money: only evidence resolves it', () => {
  const story = storyOf(manual(10_000), create('c1', 6_000), tell('uncertain'));
  story.showsCapture('c1', { status: 'pending', uncertain: true });
  story.shows({ held: 6_000 });
  story.ignores(create('c1', 6_000));
  story.refuses(create('c2', 6_000), 'multiple_captures_not_enabled');
  story.accepts(succeeds('c1'));
  story.showsCapture('c1', { status: 'succeeded', uncertain: false });
  story.ignores(succeeds('c1'));
});

it('5: the next refund amount is for one refund', () => {
  const story = storyOf(manual(1_500), create('c1', 1_500), succeeds('c1'), setNextRefund(500));
  story.showsCapture('c1', { left: 1_500, nextRefundAmount: 500 });
  story.accepts(refund('r1', 'next'));
  story.showsCapture('c1', { left: 1_000, nextRefundAmount: 1_000 });
  story.refuses(refund('r2', 1_001), 'amount_exceeds_refund_balance', { left: 1_000 });
});

describe('6: a success, then its reversal, then a success again', () => {
  const recaptured: readonly AuthorizationCommand[] = [
    succeeds('c1', 10),
    isReversed(20),
    succeeds('c1', 30),
  ];

  it('succeeds, fails, succeeds', () => {
    const story = storyOf(manual(10_000), create('c1', 6_000));
    const [success, reversal, recapture] = recaptured;
    if (!success || !reversal || !recapture) throw new Error('three facts were told');
    story.accepts(success);
    story.showsCapture('c1', { status: 'succeeded' });
    story.accepts(reversal);
    story.showsCapture('c1', { status: 'failed' });
    story.shows({ capturable: 10_000, released: 0, closed: false });
    story.accepts(recapture);
    story.showsCapture('c1', { status: 'succeeded' });
    story.hasAnomalies();
  });

  it.each(ordersOf(recaptured).map((order) => [order]))('delivered in any order: %#', (order) => {
    const story = storyOf(manual(10_000), create('c1', 6_000));
    story.tells(order);
    story.showsCapture('c1', { status: 'succeeded', left: 6_000 });
    story.shows({ captured: 6_000, released: 4_000, closed: true });
    story.hasAnomalies();
  });
});

it('8: a success that comes late is recorded, and what it takes beyond is a number of its own', () => {
  const story = storyOf(
    manual(10_000),
    create('a', 10_000),
    fails('a'),
    create('b', 6_000),
    succeeds('b'),
  );
  story.shows({ overCaptured: 0, released: 4_000 });
  story.accepts(succeeds('a'));
  story.shows({ held: 16_000, overCaptured: 6_000, capturable: 0, released: 0 });
  story.hasAnomalies('late_success', 'over_captured');
});

it('9: a refund outlives the reversal of its capture', () => {
  const story = storyOf(
    manual(1_000),
    create('c1', 1_000),
    succeeds('c1', 10),
    refund('r1', 400),
    tellRefund('succeeded', { occurredAt: at(15) }),
    isReversed(20),
  );
  story.showsCapture('c1', { status: 'failed', left: 0, overRefunded: 400 });
  story.hasAnomalies('over_refunded');
  story.accepts(succeeds('c1', 30));
  story.showsCapture('c1', { status: 'succeeded', left: 600, overRefunded: 0 });
  story.showsRefund('r1', 'succeeded');
});

it('10: a success that arrives while a void is in flight does not end it', () => {
  const story = storyOf(manual(10_000), create('c1', 6_000), cancel('void'), succeeds('c1', 10));
  story.refuses(refund('r1', 1_000), 'cancel_in_flight');
  story.accepts(tellCancel('succeeded', { occurredAt: at(20) }));
  story.showsCapture('c1', { status: 'canceled', left: 0 });
  story.shows({ captured: 0, capturable: 10_000, released: 0, closed: false });
  story.accepts(create('c2', 10_000));
  story.showsCapture('c2', { sequence: 2 });
});

it('11: what failed is not forwarded into an amount that another capture holds', () => {
  const story = storyOf(
    manual(10_000),
    create('a', 6_000),
    fails('a'),
    create('b', 1_000),
    tell('pending', { captureId: 'b' }),
  );
  story.refuses(forward('a'), 'amount_exceeds_capturable', { capturable: 0 });
});

import type { Rejection } from '#capture/rejections.js';
import {
  cancel,
  capture,
  part,
  refund,
  register,
  sell,
  told,
  toldOfCancel,
  toldOfRefund,
} from './shop.ts';
import type { Course, Story } from './story.ts';

const forward = (story: Story): void =>
  story.command('ForwardStuckCapture', { captureId: story.id('c1') });

/** A course that ends in each refusal that there is, so that a day has them all. */
export const refusals: Readonly<Record<Exclude<Rejection, 'capture_reconciled'>, Course>> = {
  authorization_unknown: (story) => capture(story),
  authorization_exists_with_different_terms: (story) => {
    register(story, 'manual');
    register(story, 'manual_multiple');
  },
  authorization_voided: (story) => {
    register(story, 'manual');
    story.command('VoidAuthorization', {});
    story.pass(60, 3600);
    capture(story);
  },
  authorization_expired: (story) => {
    register(story, 'manual');
    story.command('ExpireAuthorization', { at: story.now });
    story.pass(60, 3600);
    capture(story);
  },
  authorization_closed: (story) => {
    sell(story);
    capture(story, 'c2', { amount: 1 });
  },
  authorization_has_captures: (story) => {
    register(story, 'manual');
    capture(story);
    story.command('VoidAuthorization', {});
  },
  amount_below_held: (story) => {
    register(story, 'manual_multiple');
    capture(story, 'c1', { amount: part(story, 60) });
    story.command('AdjustAuthorization', { amount: part(story, 40) });
  },
  capture_unknown: (story) => {
    register(story, 'manual');
    forward(story);
  },
  capture_exists_with_different_terms: (story) => {
    register(story, 'manual');
    capture(story);
    capture(story, 'c1', { amount: part(story, 50) });
  },
  currency_differs: (story) => {
    register(story, 'manual');
    capture(story, 'c1', { currency: story.currency === 'EUR' ? 'USD' : 'EUR' });
  },
  capture_method_automatic: (story) => {
    register(story, 'automatic');
    capture(story, 'c2');
  },
  multiple_captures_not_enabled: (story) => {
    register(story, 'manual');
    capture(story, 'c1', { amount: part(story, 50), final: false });
  },
  final_capture_exists: (story) => {
    register(story, 'manual_multiple');
    capture(story, 'c1', { amount: part(story, 50), final: true });
    capture(story, 'c2', { amount: part(story, 50) });
  },
  too_many_captures: (story) => {
    register(story, 'manual_multiple', { maxCaptures: 2 });
    for (const name of ['c1', 'c2', 'c3']) capture(story, name, { amount: part(story, 10) });
  },
  amount_exceeds_capturable: (story) => {
    register(story, 'manual');
    capture(story, 'c1', { amount: story.amount + 1 });
  },
  capture_not_stuck: (story) => {
    register(story, 'manual');
    capture(story);
    forward(story);
  },
  capture_canceled: (story) => {
    register(story, 'manual');
    capture(story);
    cancel(story);
    toldOfCancel(story, 'succeeded');
    forward(story);
  },
  capture_not_cancelable: (story) => {
    register(story, 'manual');
    capture(story);
    told(story, 'failed');
    cancel(story);
  },
  cancel_in_flight: (story) => {
    sell(story);
    cancel(story);
    refund(story);
  },
  capture_not_succeeded: (story) => {
    register(story, 'manual');
    capture(story);
    refund(story);
  },
  refund_exists_with_different_terms: (story) => {
    sell(story);
    refund(story, part(story, 20));
    refund(story, part(story, 30));
  },
  amount_exceeds_refund_balance: (story) => {
    sell(story);
    refund(story, story.amount + 1);
  },
  refund_unknown: (story) => {
    sell(story);
    story.command('VoidRefund', { captureId: story.id('c1'), refundId: story.id('r1') });
  },
  refund_not_voidable: (story) => {
    sell(story);
    refund(story);
    toldOfRefund(story, 'succeeded');
    story.command('VoidRefund', { captureId: story.id('c1'), refundId: story.id('r1') });
  },
  refund_not_stuck: (story) => {
    sell(story);
    refund(story);
    story.command('ForwardStuckRefund', { captureId: story.id('c1'), refundId: story.id('r1') });
  },
};

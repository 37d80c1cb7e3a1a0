import { unusualCourses } from './unusual-courses.ts';
import type { Weighted } from './random.ts';
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
import type { Course } from './story.ts';

const HOUR = 3600;

/** A download: paid for and delivered at once. */
const paidAtOnce: Course = (story) => {
  register(story, 'automatic');
  const outcome = story.random.pickWeighted([
    [92, 'succeeded'],
    [6, 'declined'],
    [2, 'failed'],
  ] as const);
  told(story, outcome);
};

/** A parcel: captured when it leaves the house. */
const shipped: Course = (story) => {
  register(story, 'manual');
  story.pass(HOUR / 4, 6 * HOUR);
  capture(story);
  if (story.random.oneIn(6)) told(story, 'pending');
  told(story, 'succeeded');
};

/** Something was sold out: only a part is captured, and the rest is released. */
const shippedPartly: Course = (story) => {
  register(story, 'manual');
  story.pass(HOUR / 4, 6 * HOUR);
  capture(story, 'c1', { amount: part(story, story.random.between(30, 95)) });
  told(story, 'succeeded');
};

/** Each parcel is captured as it leaves; the last one ends it, or takes all that is left. */
const shippedInParcels: Course = (story) => {
  register(story, 'manual_multiple');
  const parcels = story.random.between(2, 3);
  for (let parcel = 1; parcel <= parcels; parcel += 1) {
    story.pass(HOUR / 4, 2 * HOUR);
    const last = parcel === parcels;
    capture(story, `c${parcel}`, last ? { final: true } : { amount: part(story, 25) });
    told(story, 'succeeded', `c${parcel}`);
  }
};

const changedMind: Course = (story) => {
  register(story, 'manual');
  story.pass(60, HOUR);
  story.command('VoidAuthorization', { reason: 'the customer changed their mind' });
};

const neverShipped: Course = (story) => {
  register(story, 'manual');
  story.pass(8 * HOUR, 12 * HOUR);
  story.command('ExpireAuthorization', { at: story.now });
};

const returned: Course = (story) => {
  sell(story);
  story.pass(HOUR, 8 * HOUR);
  refund(story, story.random.oneIn(2) ? undefined : part(story, story.random.between(10, 90)));
  toldOfRefund(story, 'succeeded');
};

const triedAgain: Course = (story) => {
  register(story, 'manual');
  capture(story);
  told(story, 'declined');
  story.pass(60, HOUR);
  capture(story, 'c2');
  told(story, 'succeeded', 'c2');
};

/** A restaurant: the tip is on top of what was authorized. */
const tipped: Course = (story) => {
  register(story, 'manual', { overCapture: { percentage: 25 } });
  story.pass(HOUR / 2, 2 * HOUR);
  capture(story, 'c1', { amount: part(story, story.random.between(105, 125)) });
  told(story, 'succeeded');
};

const orderedMore: Course = (story) => {
  register(story, 'manual');
  story.command('AdjustAuthorization', { amount: part(story, 130), reason: 'one more item' });
  story.pass(60, HOUR);
  capture(story);
  told(story, 'succeeded');
};

const calledBack: Course = (story) => {
  register(story, 'manual');
  capture(story);
  cancel(story);
  toldOfCancel(story, 'succeeded');
};

export const courses: Weighted<Course> = [
  [330, paidAtOnce],
  [260, shipped],
  [80, shippedPartly],
  [60, shippedInParcels],
  [50, changedMind],
  [25, neverShipped],
  [60, returned],
  [25, triedAgain],
  [15, tipped],
  [10, orderedMore],
  [15, calledBack],
  ...unusualCourses,
];

import { anomalies } from './anomalies.ts';
import type { Weighted } from './random.ts';
import { refusals } from './refusals.ts';
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
import { wrongCommands } from './wrong-commands.ts';

/** The connector does not answer; someone looks it up, and moves the capture on. */
const stuck: Course = (story) => {
  register(story, 'manual');
  capture(story);
  told(story, 'uncertain');
  story.pass(600, 3600);
  const evidence = 'settlement report of the connector';
  story.command('ForwardStuckCapture', { captureId: story.id('c1'), evidence });
  story.pass(60, 3600);
  if (story.random.oneIn(2)) told(story, 'succeeded');
};

/** A cancel that comes too late: the connector has taken the money, and gives it back. */
const calledBackTooLate: Course = (story) => {
  sell(story);
  cancel(story);
  toldOfCancel(story, 'failed');
  story.command('CancelCapture', { captureId: story.id('c1'), mode: 'refund' });
};

const recaptured: Course = (story) => {
  sell(story);
  for (const outcome of ['reversed', 'succeeded'] as const) {
    story.pass(600, 7200);
    told(story, outcome);
  }
};

const refundedInParts: Course = (story) => {
  sell(story);
  story.command('SetNextRefundAmount', { captureId: story.id('c1'), amount: part(story, 30) });
  for (const name of ['r1', 'r2']) {
    story.pass(60, 3600);
    refund(story, undefined, name);
    toldOfRefund(story, 'succeeded', name);
  }
};

/** A refund asked for by mistake. */
const refundTakenBack: Course = (story) => {
  sell(story);
  refund(story);
  story.command('VoidRefund', { captureId: story.id('c1'), refundId: story.id('r1') });
  story.pass(1, 60);
  toldOfRefund(story, 'voided');
};

const refundStuck: Course = (story) => {
  sell(story);
  refund(story);
  toldOfRefund(story, story.random.pick(['pending', 'declined', 'failed']));
  story.pass(600, 3600);
  story.command('ForwardStuckRefund', { captureId: story.id('c1'), refundId: story.id('r1') });
};

/** The shop lets the ledger name the capture, and never hears of it again. */
const unnamed: Course = (story) => {
  register(story, 'manual_multiple');
  story.send('CreateCapture', { amount: part(story, 40) });
};

/** Asked for again under another command id: it is the same thing, and nothing happens. */
const askedAgain: Course = (story) => {
  register(story, 'manual');
  capture(story);
  capture(story);
  told(story, 'succeeded');
};

/** A command id that was used for something else. */
const idReused: Course = (story) => {
  register(story, 'manual_multiple');
  const commandId = `${story.authorizationId}:again`;
  for (const hundredths of [20, 21]) {
    story.send('CreateCapture', { amount: part(story, hundredths) }, commandId);
    story.pass(1, 60);
  }
};

const oneOf =
  (courses: readonly Course[]): Course =>
  (story) =>
    courses[story.random.below(courses.length)]!(story);

export const unusualCourses: Weighted<Course> = [
  [10, stuck],
  [5, calledBackTooLate],
  [6, recaptured],
  [6, refundedInParts],
  [4, refundTakenBack],
  [5, refundStuck],
  [3, unnamed],
  [5, askedAgain],
  [2, idReused],
  [16, oneOf(Object.values(refusals))],
  [5, oneOf(Object.values(anomalies))],
  [3, oneOf(wrongCommands)],
];

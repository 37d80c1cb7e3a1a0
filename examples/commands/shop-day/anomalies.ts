import type { AnomalyKind } from '#capture/events.js';
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

/** A course that ends in each anomaly that there is: facts that somebody should look at. */
export const anomalies: Readonly<Record<AnomalyKind, Course>> = {
  over_captured: (story) => {
    register(story, 'manual');
    capture(story);
    told(story, 'failed');
    capture(story, 'c2', { amount: part(story, 60) });
    told(story, 'succeeded', 'c2');
    told(story, 'succeeded');
  },
  over_refunded: (story) => {
    sell(story);
    refund(story, part(story, 40));
    toldOfRefund(story, 'succeeded');
    told(story, 'reversed');
  },
  late_success: (story) => {
    register(story, 'manual');
    capture(story);
    cancel(story);
    toldOfCancel(story, 'succeeded');
    story.pass(60, 3600);
    told(story, 'succeeded');
  },
  contradictory_outcome: (story) => {
    sell(story);
    told(story, 'declined');
  },
  amount_mismatch: (story) => {
    register(story, 'manual');
    capture(story);
    told(story, 'succeeded', 'c1', { amount: part(story, 90) });
  },
  conflicting_duplicate: (story) => {
    register(story, 'manual');
    capture(story);
    const connectorEventId = story.id('evt-one');
    told(story, 'pending', 'c1', { connectorEventId });
    told(story, 'succeeded', 'c1', { connectorEventId });
  },
  unknown_capture: (story) => {
    register(story, 'manual');
    told(story, 'succeeded', 'c9');
  },
  unknown_refund: (story) => {
    sell(story);
    toldOfRefund(story, 'succeeded', 'r9');
  },
};

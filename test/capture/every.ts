import type { Authorization, Capture } from '#capture/authorization.js';
import { authorizationDecider } from '#capture/decide.js';
import type { Step } from './steps.js';

/** What holds of every step in the life of an authorization, whatever is sent. */
export type Invariant = (step: Step) => boolean;

/** Of the state after each event, also between those of one append. */
export const everyRevision =
  (holds: (state: Authorization) => boolean): Invariant =>
  ({ before, events }) => {
    let state = before;
    return events.every((event) => holds((state = authorizationDecider.evolve(state, event))));
  };
export const everyCapture = (holds: (capture: Capture) => boolean): Invariant =>
  everyRevision(({ captures }) => captures.every(holds));

/** Each capture as it was, and as it is. */
export const everyChange =
  (holds: (is: Capture, was: Capture, step: Step) => boolean): Invariant =>
  (step) =>
    step.before.captures.every((was, index) => {
      const is = step.after.captures[index];
      return is !== undefined && holds(is, was, step);
    });

export const leaves = (events: Step['events'], kind: 'over_captured' | 'over_refunded'): boolean =>
  events.some(({ type, data }) => type === 'CaptureAnomalyDetected' && data.kind === kind);

export const noneNegative = (...numbers: readonly bigint[]): boolean =>
  numbers.every((number) => number >= 0n);

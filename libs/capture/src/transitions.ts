import type { CaptureStatus, Movement, RefundStatus } from './authorization.js';
import { unreachable } from './decider.js';
import type { Instant } from './values.js';

/** What can be told of a capture, and of a refund: one table for both (domain.md, Facts). */
export type Told =
  | 'pending'
  | 'succeeded'
  | 'declined'
  | 'failed'
  | 'uncertain'
  | 'reversed'
  /** Of a capture: its cancel succeeded. Of a refund: it was voided. */
  | 'undone'
  | 'undo_failed';

/** What a fact does: it is an event, it changes nothing, or it contradicts what is known. */
export type Verdict = 'event' | 'no_event' | 'anomaly';

type Standing = Omit<Movement<CaptureStatus | RefundStatus>, 'amount'> &
  Readonly<{ uncertain?: boolean }>;

/** The cell of the table of facts where `standing` meets what is `told`. */
export const verdictOn = (standing: Standing, told: Told, occurredAt: Instant): Verdict => {
  switch (standing.status) {
    case 'requested':
    case 'pending':
      return onTheWay(standing, told);
    case 'succeeded':
      return afterSuccess(standing, told, occurredAt);
    case 'declined':
    case 'failed':
      return afterFailure(standing, told, occurredAt);
    case 'canceled':
    case 'voided':
      return afterUndoing(standing, told, occurredAt);
    default:
      return unreachable(standing.status);
  }
};

const onTheWay = ({ status, uncertain, voidInFlight }: Standing, told: Told): Verdict => {
  switch (told) {
    case 'pending':
      return status === 'requested' || uncertain ? 'event' : 'no_event';
    case 'uncertain':
      return status === 'pending' && uncertain ? 'no_event' : 'event';
    case 'undo_failed':
      return voidInFlight ? 'event' : 'no_event';
    case 'succeeded':
    case 'declined':
    case 'failed':
    case 'reversed':
    case 'undone':
      return 'event';
    default:
      return unreachable(told);
  }
};

const afterSuccess = (standing: Standing, told: Told, occurredAt: Instant): Verdict => {
  switch (told) {
    case 'declined':
    case 'failed':
      return 'anomaly';
    case 'reversed':
      return undoesTheSuccess(standing, occurredAt) ? 'event' : 'no_event';
    case 'undone':
      return undoesTheSuccess(standing, occurredAt) || undoesTheForward(standing, occurredAt)
        ? 'event'
        : 'no_event';
    case 'undo_failed':
      return standing.voidInFlight ? 'event' : 'no_event';
    case 'pending':
    case 'succeeded':
    case 'uncertain':
      return 'no_event';
    default:
      return unreachable(told);
  }
};

const afterFailure = (standing: Standing, told: Told, occurredAt: Instant): Verdict => {
  // A success counts again only if it occurred after whatever undid an earlier one.
  if (told === 'succeeded') return isAfterUndoings(standing, occurredAt) ? 'event' : 'no_event';
  if (told === 'pending') return tooLate(standing, occurredAt);
  return 'no_event';
};

const afterUndoing = (standing: Standing, told: Told, occurredAt: Instant): Verdict => {
  if (told === 'undo_failed') return 'anomaly';
  return afterFailure(standing, told, occurredAt);
};

/** Pending after the end: only a contradiction if it is said to have occurred after the end. */
const tooLate = ({ endedAt }: Standing, occurredAt: Instant): Verdict =>
  endedAt === undefined || occurredAt > endedAt ? 'anomaly' : 'no_event';

// Facts arrive in any order, and a success may be undone and come again ("recaptured"). The latest of
// the successes and undoings that were ever told decides, not the one that was told last; an undoing
// at the same instant as a success is taken to have followed it.

/** After every undoing told so far: an undoing that is not may be one of them told again. */
const isAfterUndoings = (
  { lastUndoneAt }: Pick<Standing, 'lastUndoneAt'>,
  occurredAt: Instant,
): boolean => lastUndoneAt === undefined || occurredAt > lastUndoneAt;

/** An undoing counts unless a later success is known, or it is one that was accounted for already. */
const undoesTheSuccess = (standing: Standing, occurredAt: Instant): boolean =>
  (standing.lastSuccessAt === undefined || occurredAt >= standing.lastSuccessAt) &&
  isAfterUndoings(standing, occurredAt);

/**
 * What an operator forwarded after it was undone stands by no success that was told: the outcome of its
 * void counts whenever it occurred, unless it is the undoing that was told last.
 */
const undoesTheForward = (
  { voidInFlight, lastSuccessAt, lastUndoneAt }: Standing,
  occurredAt: Instant,
): boolean =>
  voidInFlight &&
  lastUndoneAt !== undefined &&
  (lastSuccessAt === undefined || lastSuccessAt <= lastUndoneAt) &&
  occurredAt !== lastUndoneAt;

/**
 * The movement with the time of a success or an undoing kept, whether or not it changed anything. An
 * undoing that a success has overtaken ends a void in flight all the same; an earlier one told again
 * does not.
 */
export const withWord = <Kind extends Movement<CaptureStatus | RefundStatus>>(
  movement: Kind,
  told: Told,
  occurredAt: Instant,
): Kind => {
  if (told === 'succeeded') {
    return { ...movement, lastSuccessAt: later(movement.lastSuccessAt, occurredAt) };
  }
  if (told === 'reversed' || told === 'undone') {
    return {
      ...movement,
      voidInFlight: movement.voidInFlight && !isAfterUndoings(movement, occurredAt),
      lastUndoneAt: later(movement.lastUndoneAt, occurredAt),
    };
  }
  return movement;
};

const later = (known: Instant | undefined, told: Instant): Instant =>
  known === undefined || told > known ? told : known;

import type {
  CommandEnvelope,
  Fact,
  RecordCancelOutcome,
  RecordCaptureOutcome,
  RecordRefundOutcome,
  RefundOutcome,
} from '#capture/commands.js';
import { unreachable } from '#capture/decider.js';
import type { ConnectorError } from '#capture/values.js';
import { courseOf, saidIn } from './courses.js';
import type { Said, Word } from './courses.js';
import type { HeardEvent } from './heard-event.js';

/** Who says so; the ledger keeps it as the actor. */
export const SOURCE = '/sandbox-connector';

/** A fact to tell the ledger, and whether it is told at once or only later. */
export type Outcome = Readonly<{ fact: Fact; isLate: boolean }>;

/**
 * What the connector has to say to an event. The same event gives the same commands, whoever asks and
 * whenever: nothing is remembered, and there is no other time than the event's. A fact never asks for
 * another, so it ends.
 */
export const outcomesOf = (heard: HeardEvent): readonly Outcome[] => {
  const { event } = heard;
  switch (event.type) {
    case 'CaptureCreated': {
      const { captureId, amount } = event.data;
      return said(saidIn[courseOf(amount)], (word) => ofCapture(heard, captureId, word));
    }
    case 'CaptureForwarded':
      // What the operator knew by other ways, the connector confirms now.
      return [atOnce(ofCapture(heard, event.data.captureId, 'succeeded'))];
    case 'CaptureCancelRequested':
      return [atOnce(ofCancel(heard, event.data))];
    case 'RefundRequested': {
      const { captureId, refundId, amount } = event.data;
      const of = { captureId, refundId };
      return said(saidIn[courseOf(amount)], (word) => ofRefund(heard, of, refundWord(word)));
    }
    case 'RefundForwarded':
      return [atOnce(ofRefund(heard, event.data, 'succeeded'))];
    case 'RefundVoidRequested':
      return [atOnce(ofRefund(heard, event.data, 'voided'))];
    default:
      return unreachable(event);
  }
};

const said = ({ atOnce: words, later }: Said, fact: (word: Word) => Fact): readonly Outcome[] => [
  ...words.map((word) => atOnce(fact(word))),
  ...(later === undefined ? [] : [{ fact: fact(later), isLate: true }]),
];

const atOnce = (fact: Fact): Outcome => ({ fact, isLate: false });

/** Of a refund nobody says that it is uncertain: until it is known it is pending. */
const refundWord = (word: Word): RefundOutcome => (word === 'uncertain' ? 'pending' : word);

const ofCapture = (heard: HeardEvent, captureId: string, outcome: Word): RecordCaptureOutcome => ({
  type: 'RecordCaptureOutcome',
  ...envelopeOf(heard, outcome),
  captureId,
  outcome,
  connectorEventId: idOf(heard, outcome),
  connectorCaptureId: `sandbox:${captureId}`,
  ...errorOf(outcome),
  occurredAt: heard.recordedAt,
});

/** The event of a cancel has no amount: its reason stands for it, where that ends in two digits. */
const ofCancel = (
  heard: HeardEvent,
  { captureId, reason = '' }: Readonly<{ captureId: string; reason?: string }>,
): RecordCancelOutcome => {
  const course = courseOf(Number(/\d\d$/.exec(reason)?.[0] ?? 0));
  const outcome = course === 'fails' ? 'failed' : 'succeeded';
  return {
    type: 'RecordCancelOutcome',
    ...envelopeOf(heard, outcome),
    captureId,
    outcome,
    ...errorOf(outcome),
    occurredAt: heard.recordedAt,
  };
};

const ofRefund = (
  heard: HeardEvent,
  { captureId, refundId }: Readonly<{ captureId: string; refundId: string }>,
  outcome: RefundOutcome,
): RecordRefundOutcome => ({
  type: 'RecordRefundOutcome',
  ...envelopeOf(heard, outcome),
  captureId,
  refundId,
  outcome,
  connectorRefundId: `sandbox:${refundId}`,
  connectorEventId: idOf(heard, outcome),
  ...errorOf(outcome),
  occurredAt: heard.recordedAt,
});

const envelopeOf = (heard: HeardEvent, outcome: string): CommandEnvelope => ({
  commandId: idOf(heard, outcome),
  ...heard.authorization,
  issuedAt: heard.recordedAt,
  actor: SOURCE,
});

/**
 * Nothing is said twice of one event, so its id and the word name what was said. The time is in it because
 * a command that is sent anew to a store restored from a backup makes an event of the same id at another
 * time, of which another fact is told: it must not be taken for the old one.
 */
const idOf = ({ eventId, recordedAt }: HeardEvent, outcome: string): string =>
  `sandbox:${eventId}:${Date.parse(recordedAt)}:${outcome}`;

const errors: ReadonlyMap<string, ConnectorError> = new Map([
  ['declined', { code: 'insufficient_funds', connectorCode: '51', message: 'Not enough money' }],
  ['failed', { code: 'processing_error', connectorCode: '96', message: 'It could not be done' }],
  ['uncertain', { code: 'timeout', message: 'There was no answer in time' }],
]);

const errorOf = (outcome: string): Readonly<{ error?: ConnectorError }> => {
  const error = errors.get(outcome);
  return error ? { error } : {};
};

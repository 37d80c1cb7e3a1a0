import type { ConnectorEvent } from './authorization.js';
import { unreachable } from './decider.js';
import type { FactTold } from './events.js';
import type { Told } from './transitions.js';
import type { Amount, ConnectorError } from './values.js';

/** The word of the table of facts for what was told. */
export const toldBy = (fact: FactTold): Told => {
  switch (fact.type) {
    case 'RecordCaptureOutcome':
      return fact.outcome;
    case 'RecordCancelOutcome':
      return fact.outcome === 'succeeded' ? 'undone' : 'undo_failed';
    case 'RecordRefundOutcome':
      return fact.outcome === 'voided' ? 'undone' : fact.outcome;
    default:
      return unreachable(fact);
  }
};

export const connectorEventOf = (fact: FactTold): ConnectorEvent | undefined => {
  if (fact.type === 'RecordCancelOutcome' || fact.connectorEventId === undefined) return undefined;
  const contents =
    fact.type === 'RecordCaptureOutcome'
      ? captureContents(fact.outcome, fact.amount)
      : refundContents(fact.refundId, fact.outcome);
  return { connectorEventId: fact.connectorEventId, contents };
};

export const captureContents = (outcome: string, amount: Amount | undefined): string =>
  `capture ${outcome} ${amount ?? ''}`;

export const refundContents = (refundId: string, outcome: string): string =>
  `refund ${refundId} ${outcome}`;

/**
 * All that a fact says, as one text: two facts are the same when these are. The order of members is
 * fixed here, because a fact read back from the store has its members in another order.
 */
export const wholeOf = (fact: FactTold): string => {
  const { type, captureId, outcome, occurredAt } = fact;
  const error = errorOf(fact.error);
  const rest =
    fact.type === 'RecordCaptureOutcome'
      ? [
          fact.connectorEventId,
          fact.connectorCaptureId,
          fact.connectorReferenceId,
          fact.token,
          fact.requestId,
          fact.isoResponseCode,
          fact.rawResponseCode,
          fact.rawResponseDescription,
          fact.amount,
        ]
      : fact.type === 'RecordRefundOutcome'
        ? [fact.refundId, fact.connectorRefundId, fact.connectorEventId]
        : [];
  return JSON.stringify([type, captureId, outcome, occurredAt, error, ...rest]);
};

const errorOf = (error: ConnectorError | undefined) =>
  error && [error.code, error.connectorCode, error.message, error.reason];

import type {
  Fact,
  PayloadOf,
  RecordCancelOutcome,
  RecordCaptureOutcome,
  RecordRefundOutcome,
} from '#capture/commands.js';
import type { AnomalyKind } from '#capture/events.js';
import { commandTypes, recordedRefusals } from '../words.ts';
import { everyWord } from '#http/every-word.js';
import { exactly, objectOf, word } from '../schema.ts';
import type { JsonSchema } from '../schema.ts';
import { captureTold } from './capture-events.ts';
import type { DataOf } from './event-data.ts';
import { refundTold } from './refund-events.ts';
import { captureId, connectorError, refundId } from './values.ts';

const facts: Readonly<Record<Fact['type'], JsonSchema>> = {
  RecordCaptureOutcome: objectOf<PayloadOf<RecordCaptureOutcome>>({
    type: exactly('RecordCaptureOutcome'),
    ...captureTold,
    outcome: word('What the connector said.', [
      'pending',
      'succeeded',
      'declined',
      'failed',
      'uncertain',
      'reversed',
    ]),
  }),
  RecordCancelOutcome: objectOf<PayloadOf<RecordCancelOutcome>>({
    type: exactly('RecordCancelOutcome'),
    captureId,
    outcome: word('What the connector said.', ['succeeded', 'failed']),
    'error?': connectorError,
    occurredAt: captureTold.occurredAt,
  }),
  RecordRefundOutcome: objectOf<PayloadOf<RecordRefundOutcome>>({
    type: exactly('RecordRefundOutcome'),
    ...refundTold,
    outcome: word('What the connector said.', [
      'pending',
      'succeeded',
      'declined',
      'failed',
      'voided',
      'reversed',
    ]),
  }),
};

const fact: JsonSchema = {
  description: 'What was told, whole.',
  type: 'object',
  oneOf: Object.values(facts),
};

const commandType = word('What was asked for.', commandTypes);

export const decisionEvents: DataOf<
  'CaptureAnomalyDetected' | 'CommandRejected' | 'CommandHadNoEffect'
> = {
  CaptureAnomalyDetected: {
    says: 'A fact breaks what commands are bound by, or cannot be placed. Someone should look.',
    members: {
      kind: word(
        'What is strange about it.',
        everyWord<AnomalyKind>({
          over_captured: true,
          over_refunded: true,
          late_success: true,
          contradictory_outcome: true,
          amount_mismatch: true,
          conflicting_duplicate: true,
          unknown_capture: true,
          unknown_refund: true,
        }),
      ),
      'captureId?': captureId,
      'refundId?': refundId,
      fact,
    },
  },
  CommandRejected: {
    says: 'A command was refused. A refusal is an answer, for ever.',
    members: {
      commandType,
      reason: word('Why.', recordedRefusals),
      'captureId?': captureId,
      'refundId?': refundId,
      details: {
        type: 'object',
        additionalProperties: { type: ['string', 'number', 'boolean'] },
        description: 'The numbers that mattered: a sum beyond 2^53 - 1 is written as text.',
      },
    },
  },
  CommandHadNoEffect: {
    says: 'A command was accepted, and nothing changed.',
    members: { commandType, 'captureId?': captureId, 'refundId?': refundId, 'fact?': fact },
  },
};

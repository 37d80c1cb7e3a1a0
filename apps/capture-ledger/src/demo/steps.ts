import { CURRENCY } from './stage.js';
import type { Stage } from './stage.js';

/**
 * Steps 1 to 7: what an authorization goes through on a day when nothing is killed.
 *
 * @returns the id of its first capture, of which EUR 24.50 are left to be refunded.
 */
export const playSteps = async (stage: Stage, authorizationId: string): Promise<string> => {
  await stage.accepted({
    step: 1,
    type: 'RegisterAuthorization',
    about: authorizationId,
    said: { ...TERMS, amount: 12_000, currency: CURRENCY },
  });
  const first = await stage.accepted({
    step: 2,
    type: 'CreateCapture',
    about: 'cap 1',
    said: { amount: 7000 },
  });
  await stage.again(3, 'cap 1', first);
  const captureId = String(first.answer.captureId);
  await stage.connectorSays({
    step: 4,
    type: 'RecordCaptureOutcome',
    about: 'cap 1',
    said: { captureId, outcome: 'succeeded', occurredAt: now() },
    how: 'succeeded',
  });
  await refund(stage, captureId);
  await forward(stage);
  return captureId;
};

const refund = async (stage: Stage, captureId: string): Promise<void> => {
  const type = 'RefundCapture';
  const said = { captureId, amount: 4550 };
  const { answer } = await stage.accepted({ step: 5, type, about: 'cap 1', said });
  const { refundId } = answer;
  await stage.connectorSays({
    type: 'RecordRefundOutcome',
    about: 'refund 1',
    said: { captureId, refundId, outcome: 'succeeded', occurredAt: now() },
    how: 'succeeded',
  });
  const more = { captureId, amount: 3000 };
  const reason = 'amount_exceeds_refund_balance';
  await stage.refused({ step: 6, type, about: 'cap 1', said: more }, reason);
};

/** The connector does not answer, so that nobody knows whether the money moved; then somebody looks it up. */
const forward = async (stage: Stage): Promise<void> => {
  const about = 'cap 2';
  const said = { amount: 5000, final: true };
  const { answer } = await stage.accepted({ type: 'CreateCapture', about, said });
  const { captureId } = answer;
  await stage.connectorSays({
    type: 'RecordCaptureOutcome',
    about,
    said: { captureId, outcome: 'uncertain', occurredAt: now() },
    how: 'uncertain: timed out',
  });
  await stage.accepted(
    {
      step: 7,
      type: 'ForwardStuckCapture',
      about,
      said: { captureId, evidence: 'the settlement report of the connector' },
      how: 'stuck at the connector',
    },
    'forwarded',
  );
};

const TERMS = { captureMethod: 'manual_multiple', connector: 'demo' };

const now = (): string => new Date().toISOString();

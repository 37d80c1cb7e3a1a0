import { capturedInAll } from '#capture/balances.js';
import type { RecordCaptureOutcome } from '#capture/commands.js';
import { authorizationDecider } from '#capture/decide.js';
import type { AuthorizationEvent } from '#capture/events.js';
import { stateAfter } from '../given-when-then.js';
import { anomaly, tell } from './commands.js';
import { at, authorization, failed, finalCapture, given, pending } from './fixtures.js';

describe('amount_mismatch', () => {
  const history = [authorization(), finalCapture('c1', 60_00)];

  it.each<[RecordCaptureOutcome['outcome'], AuthorizationEvent['type']]>([
    ['pending', 'CapturePending'],
    ['succeeded', 'CaptureSucceeded'],
    ['declined', 'CaptureDeclined'],
    ['failed', 'CaptureFailed'],
    ['reversed', 'CaptureReversed'],
  ])('stands beside what is %s with another amount', (outcome, type) => {
    const fact = tell(outcome, { amount: 59_99 });
    const data = {
      captureId: 'c1',
      amount: 59_99,
      occurredAt: at(30),
      ...(outcome === 'pending' ? { uncertain: false } : {}),
    };
    given(...history)
      .when(fact)
      .then({ type, data } as AuthorizationEvent, anomaly('amount_mismatch', fact));
  });

  it('is not where the amount is ours', () =>
    given(...history)
      .when(tell('succeeded', { amount: 60_00 }))
      .then({
        type: 'CaptureSucceeded',
        data: { captureId: 'c1', amount: 60_00, occurredAt: at(30) },
      }));

  it('leaves our amount standing', () => {
    const told: AuthorizationEvent = {
      type: 'CaptureSucceeded',
      data: { captureId: 'c1', amount: 59_99, occurredAt: at(30) },
    };
    const mismatch = anomaly('amount_mismatch', tell('succeeded', { amount: 59_99 }));
    const state = stateAfter(authorizationDecider, [...history, told, mismatch]);
    expect(capturedInAll(state)).toBe(60_00n);
  });

  it('stands beside the other anomalies of a fact', () => {
    const fact = tell('succeeded', { amount: 1 });
    given(...history, failed('c1', 5), finalCapture('c2', 100_00, { sequence: 2 }), pending('c2'))
      .when(fact)
      .then(
        { type: 'CaptureSucceeded', data: { captureId: 'c1', amount: 1, occurredAt: at(30) } },
        anomaly('late_success', fact),
        anomaly('amount_mismatch', fact),
        anomaly('over_captured', fact),
      );
  });
});

import * as fc from 'fast-check';
import { schemaVersions } from '#capture/events.js';
import { anyCommands } from './arbitraries.js';
import { historyOf, stepsOf } from './steps.js';
import { smallWorld } from './worlds.js';

// What commands at random never get to, no property test says anything about.
describe('commands at random, from one seed', () => {
  const histories = fc
    .sample(anyCommands(smallWorld), { seed: 20_261_121, numRuns: 1_000 })
    .map((commands) => historyOf(stepsOf(commands)));
  const events = histories.flat();

  it('get to every event', () =>
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(schemaVersions.keys())));

  it('get to every anomaly', () => {
    const kinds = events.flatMap(({ type, data }) =>
      type === 'CaptureAnomalyDetected' ? [data.kind] : [],
    );
    expect(new Set(kinds)).toEqual(
      new Set([
        'over_captured',
        'over_refunded',
        'late_success',
        'contradictory_outcome',
        'amount_mismatch',
        'conflicting_duplicate',
        'unknown_capture',
        'unknown_refund',
      ]),
    );
  });

  it('get to every refusal there can be of them', () => {
    const reasons = events.flatMap(({ type, data }) =>
      type === 'CommandRejected' ? [data.reason] : [],
    );
    expect([...new Set(reasons)].toSorted()).toEqual(
      [
        'authorization_exists_with_different_terms',
        'authorization_voided',
        'authorization_expired',
        'authorization_closed',
        'authorization_has_captures',
        'amount_below_held',
        'capture_unknown',
        'capture_exists_with_different_terms',
        'currency_differs',
        'capture_method_automatic',
        'multiple_captures_not_enabled',
        'final_capture_exists',
        'too_many_captures',
        'amount_exceeds_capturable',
        'capture_not_stuck',
        'capture_canceled',
        'capture_not_cancelable',
        'cancel_in_flight',
        'capture_not_succeeded',
        'refund_exists_with_different_terms',
        'amount_exceeds_refund_balance',
        'refund_unknown',
        'refund_not_voidable',
        'refund_not_stuck',
      ].toSorted(),
    );
  });
});

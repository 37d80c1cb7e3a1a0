import { payloadOf } from '#capture/commands.js';
import type { RecordCancelOutcome, RecordCaptureOutcome } from '#capture/commands.js';
import type { AuthorizationEvent } from '#capture/events.js';
import type { History } from '../given-when-then.js';
import { anomaly, tell, tellCancel } from './commands.js';
import {
  at,
  authorization,
  canceled,
  declined,
  failed,
  finalCapture,
  forwarded,
  given,
  pending,
  reversed,
  succeeded,
  uncertain,
  voidRequested,
} from './fixtures.js';
import { meaningOf } from './table.js';

export type Told = RecordCaptureOutcome | RecordCancelOutcome;
export type Past = History<AuthorizationEvent>;

export const begun: Past = [authorization(), finalCapture('c1', 60_00)];
export const histories: Readonly<Record<string, Past>> = {
  requested: begun,
  'requested, void asked': [begun, voidRequested('c1')].flat(),
  pending: [...begun, pending('c1')],
  'pending, void asked': [...begun, pending('c1'), voidRequested('c1')],
  uncertain: [...begun, uncertain('c1')],
  succeeded: [...begun, succeeded('c1')],
  'succeeded, void asked': [...begun, succeeded('c1'), voidRequested('c1')],
  forwarded: [...begun, pending('c1'), forwarded('c1')],
  declined: [...begun, declined('c1')],
  failed: [...begun, failed('c1')],
  reversed: [...begun, succeeded('c1', 5), reversed('c1')],
  canceled: [...begun, canceled('c1', 10)],
  'failed, void asked': [...begun, voidRequested('c1'), failed('c1')],
};

export const facts: Readonly<Record<string, (minute: number) => Told>> = {
  pending: (minute) => tell('pending', { occurredAt: at(minute) }),
  succeeded: (minute) => tell('succeeded', { occurredAt: at(minute) }),
  declined: (minute) => tell('declined', { occurredAt: at(minute) }),
  failed: (minute) => tell('failed', { occurredAt: at(minute) }),
  uncertain: (minute) => tell('uncertain', { occurredAt: at(minute) }),
  reversed: (minute) => tell('reversed', { occurredAt: at(minute) }),
  canceled: (minute) => tellCancel('succeeded', { occurredAt: at(minute) }),
  'not canceled': (minute) => tellCancel('failed', { occurredAt: at(minute) }),
};

const dataOf = (fact: Told) => {
  const { captureId, occurredAt } = payloadOf(fact);
  return { captureId, occurredAt };
};

/** What a word of the tables leaves in the history. */
export const traces: Readonly<Record<string, (fact: Told) => readonly AuthorizationEvent[]>> = {
  '.': () => [],
  pending: (fact) => [{ type: 'CapturePending', data: { ...dataOf(fact), uncertain: false } }],
  uncertain: (fact) => [{ type: 'CapturePending', data: { ...dataOf(fact), uncertain: true } }],
  succeeded: (fact) => [{ type: 'CaptureSucceeded', data: dataOf(fact) }],
  late: (fact) => [{ type: 'CaptureSucceeded', data: dataOf(fact) }, anomaly('late_success', fact)],
  declined: (fact) => [{ type: 'CaptureDeclined', data: dataOf(fact) }],
  failed: (fact) => [{ type: 'CaptureFailed', data: dataOf(fact) }],
  reversed: (fact) => [{ type: 'CaptureReversed', data: dataOf(fact) }],
  canceled: (fact) => [{ type: 'CaptureCanceled', data: dataOf(fact) }],
  kept: (fact) => [{ type: 'CaptureCancelFailed', data: dataOf(fact) }],
  anomaly: (fact) => [anomaly('contradictory_outcome', fact)],
};

export const expectTrace = (history: Past, fact: Told, word: string): void =>
  given(...history)
    .when(fact)
    .then(...meaningOf(traces, word)(fact));

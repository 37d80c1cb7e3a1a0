// What readers are shown of an authorization after some events, one command each, a minute apart.
import type { AuthorizationEvent } from '#capture/events.js';
import { atRevision, initialDocument } from '#projections/authorization-document.js';
import type { AuthorizationAtRevision } from '#projections/authorization-document.js';
import { authorizationOf } from '#projections/authorization-view.js';
import { captureSequenceOf } from '#projections/capture-sequence.js';
import { captureOf } from '#projections/capture-view.js';
import { finalCaptureOf } from '#projections/final-capture.js';
import { foldRecorded } from '#projections/fold-recorded.js';
import { refundBalanceOf } from '#projections/refund-balance.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { History } from '../given-when-then.js';
import { HistoryWriter, key, logOf } from './history-writer.js';

export const identity = { shard: 0, epoch: 1 };

export const documentOf = (recorded: readonly RecordedEvent[]) => {
  const { document, trouble } = foldRecorded(initialDocument(recorded[0]!.stream), recorded);
  if (trouble) throw trouble;
  return document;
};

const atEndOf = (history: History<AuthorizationEvent>): AuthorizationAtRevision | undefined => {
  const writer = new HistoryWriter();
  const events = history.flat();
  const log = logOf(events.map((event) => writer.encode(key('auth-1'), [event])));
  return atRevision(documentOf(log), identity);
};

/** The views after this history, in which there is an authorization. */
export const after = (...history: History<AuthorizationEvent>) => {
  const end = atEndOf(history);
  if (!end) throw new Error('nothing is shown: there is no authorization');
  return {
    authorization: () => authorizationOf(end),
    captureSequence: () => captureSequenceOf(end),
    finalCapture: () => finalCaptureOf(end),
    capture: (captureId: string) => captureOf(end, captureId),
    refundBalance: (captureId: string) => refundBalanceOf(end, captureId),
  };
};

export const showsNothing = (...history: History<AuthorizationEvent>): boolean =>
  atEndOf(history) === undefined;

import type { Capture } from '#capture/authorization.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { headOf } from './view-head.js';
import type { CaptureInSequence, CaptureSequence } from './views.js';

/** The captures of an authorization, in order. */
export const captureSequenceOf = (at: AuthorizationAtRevision): CaptureSequence => ({
  ...headOf(at, 'capture-sequence'),
  captures: at.document.state.captures.map(inSequence),
});

export const inSequence = (capture: Capture): CaptureInSequence => {
  const { captureId, sequence, amount, currency, status, uncertain, final } = capture;
  return { captureId, sequence, amount, currency, status, uncertain, final };
};

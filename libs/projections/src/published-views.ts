import type { AuthorizationAtRevision } from './authorization-document.js';
import { captureSequenceOf } from './capture-sequence.js';
import { captureOf } from './capture-view.js';
import { finalCaptureOf } from './final-capture.js';
import { refundBalanceOf } from './refund-balance.js';
import { viewVersions } from './view-versions.js';
import type { ViewName } from './view-versions.js';
import type { ViewHead } from './views.js';

/**
 * A view as it is published: one record for each authorization, or for each capture. What it has shown
 * once it shows ever after: keys are deleted by a new version alone.
 */
export type PublishedView = Readonly<{
  name: ViewName;
  /** The `ledger.viewVersion` of what is cut. */
  version: number;
}> &
  (
    | Readonly<{
        per: 'authorization';
        /** Undefined where the view has nothing to show of it. */
        cut: (at: AuthorizationAtRevision) => ViewHead | undefined;
      }>
    | Readonly<{
        per: 'capture';
        /** Undefined likewise, and where there is no such capture. */
        cut: (at: AuthorizationAtRevision, captureId: string) => ViewHead | undefined;
      }>
  );

export const publishedViews: readonly PublishedView[] = [
  {
    name: 'capture-sequence',
    version: viewVersions['capture-sequence'],
    per: 'authorization',
    cut: captureSequenceOf,
  },
  {
    name: 'final-capture',
    version: viewVersions['final-capture'],
    per: 'authorization',
    cut: finalCaptureOf,
  },
  {
    name: 'refund-balance',
    version: viewVersions['refund-balance'],
    per: 'capture',
    cut: refundBalanceOf,
  },
  { name: 'capture', version: viewVersions.capture, per: 'capture', cut: captureOf },
];

// Views in versions that this build does not have yet.
import { captureSequenceOf } from '#projections/capture-sequence.js';
import { publishedViews } from '#projections/published-views.js';
import type { PublishedView } from '#projections/published-views.js';
import { refundBalanceOf } from '#projections/refund-balance.js';

/** Says how many captures there are: the same keys, another value. */
export const sequenceWithCount: PublishedView = {
  name: 'capture-sequence',
  version: 2,
  per: 'authorization',
  cut: (at) => {
    const { ledger, ...view } = captureSequenceOf(at);
    return { ...view, count: view.captures.length, ledger: { ...ledger, viewVersion: 2 } };
  },
};

type Shown = Omit<NonNullable<ReturnType<typeof refundBalanceOf>>, 'ledger'>;

/** Shows no capture but the first of an authorization: the others' keys are to go. */
const balanceOfFirst: PublishedView = {
  name: 'refund-balance',
  version: 2,
  per: 'capture',
  cut: (at, captureId) => {
    const { ledger, ...balance } = refundBalanceOf(at, captureId) ?? {};
    const isFirst = at.document.state.captures[0]?.captureId === captureId;
    return ledger && isFirst
      ? { ...(balance as Shown), ledger: { ...ledger, viewVersion: 2 } }
      : undefined;
  },
};

/** The next build's views. */
export const nextBuild: readonly PublishedView[] = publishedViews.map(
  (view) => [sequenceWithCount, balanceOfFirst].find(({ name }) => name === view.name) ?? view,
);

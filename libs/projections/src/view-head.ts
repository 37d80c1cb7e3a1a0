import { ownerOf } from './authorization-document.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { viewVersions } from './view-versions.js';
import type { ViewHead } from './views.js';

/** What every view says first: what it is of, and what it was folded from. */
export const headOf = (
  { document, registered, ledger }: AuthorizationAtRevision,
  view: keyof typeof viewVersions,
): ViewHead => ({
  ...ownerOf(document),
  currency: registered.terms.currency,
  ledger: { ...ledger, viewVersion: viewVersions[view] },
});

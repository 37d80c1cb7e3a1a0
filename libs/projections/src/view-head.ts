import { ownerOf } from './authorization-document.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import type { ViewHead } from './views.js';

/** What every view says first: what it is of, and what it was folded from. */
export const headOf = ({ document, registered, ledger }: AuthorizationAtRevision): ViewHead => ({
  ...ownerOf(document),
  currency: registered.terms.currency,
  ledger,
});

import type { Registered } from '#capture/authorization.js';
import { maxLiveCaptures } from '#capture/balances.js';
import type { AuthorizationAtRevision } from './authorization-document.js';
import { inSequence } from './capture-sequence.js';
import { captureNumbersOf } from './final-capture.js';
import { headOf } from './view-head.js';
import type { AuthorizationTerms, AuthorizationView } from './views.js';

/** Everything known of one authorization, its captures in brief. */
export const authorizationOf = (at: AuthorizationAtRevision): AuthorizationView => {
  const { document, registered, createdAt } = at;
  return {
    ...headOf(at, 'authorization'),
    ...captureNumbersOf(at),
    ...termsOf(registered),
    standing: registered.standing,
    overCapture: registered.terms.overCapture ?? null,
    maxCaptures: maxLiveCaptures(registered),
    expiresAt: registered.expiresAt ?? null,
    captures: document.state.captures.map(inSequence),
    createdAt,
    updatedAt: document.updatedAt ?? createdAt,
  };
};

export const termsOf = ({ terms }: Registered): AuthorizationTerms => ({
  captureMethod: terms.captureMethod,
  connector: terms.connector,
  mode: terms.mode,
  paymentId: terms.paymentId ?? null,
  connectorTransactionId: terms.connectorTransactionId ?? null,
  externalIdentifier: terms.externalIdentifier ?? null,
  orderRef: terms.orderRef ?? null,
  paymentSourceRef: terms.paymentSourceRef ?? null,
  paymentMethodType: terms.paymentMethodType ?? null,
  network: terms.network ?? null,
  connectedAccountId: terms.connectedAccountId ?? null,
  merchantId: terms.merchantId ?? null,
  reconciliationRef: terms.reconciliationRef ?? null,
});

import { amount, count, instant, text, word } from '../schema.ts';
import type { DataOf } from './event-data.ts';
import { currency, overCapture } from './values.ts';

const reason = text('As its sender says.');

export const authorizationEvents: DataOf<
  | 'AuthorizationRegistered'
  | 'AuthorizationAdjusted'
  | 'AuthorizationVoided'
  | 'AuthorizationExpired'
> = {
  AuthorizationRegistered: {
    says: 'A connector has given this authorization.',
    members: {
      amount: amount('Authorized.'),
      currency,
      captureMethod: word('How it is captured.', ['automatic', 'manual', 'manual_multiple']),
      connector: text('The payment processor behind it.'),
      mode: word('Whether money moves.', ['test', 'live']),
      'paymentId?': text('Of the payment that it is a part of.'),
      'connectorTransactionId?': text('What the connector calls it.'),
      'overCapture?': overCapture,
      'maxCaptures?': count('How many live captures there may be at once.', 1),
      'expiresAt?': instant('Information only, until it is expired.'),
      'externalIdentifier?': text('What its merchant calls it.'),
      'orderRef?': text('Of the order.'),
      'paymentSourceRef?': text('Of the card or account.'),
      'paymentMethodType?': text('As its sender says.'),
      'network?': text('Of the card.'),
      'connectedAccountId?': text('At the connector.'),
      'merchantId?': text('At the connector.'),
      'reconciliationRef?': text('For the settlement.'),
    },
  },
  AuthorizationAdjusted: {
    says: 'Its amount was set to a new total.',
    members: {
      amount: amount('The new total.'),
      'expiresAt?': instant('The new one; absent: as before.'),
      'reason?': reason,
    },
  },
  AuthorizationVoided: {
    says: 'What was not captured is given back, for good.',
    members: { 'reason?': reason },
  },
  AuthorizationExpired: {
    says: 'It is over.',
    members: { at: instant('When it expired.') },
  },
};

import type { RefundSucceeded } from '#capture/events.js';
import { amount, instant, text, word } from '../schema.ts';
import type { MembersOf } from '../schema.ts';
import type { DataOf } from './event-data.ts';
import { captureId, connectorError, currency, metadata, refundId } from './values.ts';

/** What a connector told of a refund. */
export const refundTold: MembersOf<RefundSucceeded['data']> = {
  captureId,
  refundId,
  'connectorRefundId?': text('What the connector calls the refund.'),
  'connectorEventId?': text('Of the connector’s message: it comes once.'),
  'error?': connectorError,
  occurredAt: instant('By the connector’s word.'),
};

export const refundEvents: DataOf<
  | 'RefundRequested'
  | 'RefundPending'
  | 'RefundSucceeded'
  | 'RefundDeclined'
  | 'RefundFailed'
  | 'RefundVoided'
  | 'RefundReversed'
  | 'RefundVoidRequested'
  | 'RefundForwarded'
  | 'NextRefundAmountSet'
> = {
  RefundRequested: {
    says: 'A refund was asked for, and holds its amount from here on.',
    members: {
      captureId,
      refundId,
      amount: amount('Asked for.'),
      currency,
      purpose: word('`cancel`: what a cancel of a succeeded capture became.', ['refund', 'cancel']),
      'metadata?': metadata,
      'idempotencyKey?': text('As its sender says.'),
      'reason?': text('As its sender says.'),
      'externalIdentifier?': text('What its merchant calls it.'),
    },
  },
  RefundPending: { says: 'The connector has it, and it is not over.', members: refundTold },
  RefundSucceeded: { says: 'The money went back.', members: refundTold },
  RefundDeclined: { says: 'The connector said no.', members: refundTold },
  RefundFailed: { says: 'It came to nothing at the connector.', members: refundTold },
  RefundVoided: { says: 'It was called back before it was paid.', members: refundTold },
  RefundReversed: { says: 'The connector took a success back.', members: refundTold },
  RefundVoidRequested: {
    says: 'A void of it is in flight from here on.',
    members: { captureId, refundId },
  },
  RefundForwarded: {
    says: 'An operator moved it on to succeeded, on evidence of their own.',
    members: { captureId, refundId },
  },
  NextRefundAmountSet: {
    says: 'What a refund without an amount takes.',
    members: { captureId, amount: amount('Of the next refund.') },
  },
};

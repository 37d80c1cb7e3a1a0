import type { CaptureSucceeded } from '#capture/events.js';
import { amount, count, instant, text, yesOrNo } from '../schema.ts';
import type { MembersOf } from '../schema.ts';
import type { DataOf } from './event-data.ts';
import { captureId, cartItems, connectorError, currency, metadata } from './values.ts';

const reason = text('As its sender says.');

/** What a connector told of a capture. */
export const captureTold: MembersOf<CaptureSucceeded['data']> = {
  captureId,
  'connectorEventId?': text('Of the connector’s message: it comes once.'),
  'connectorCaptureId?': text('What the connector calls the capture.'),
  'connectorReferenceId?': text('What the connector refers to.'),
  'token?': text('Of the connector.'),
  'requestId?': text('Of the connector.'),
  'isoResponseCode?': text('Of ISO 8583.'),
  'rawResponseCode?': text('In the connector’s own words.'),
  'rawResponseDescription?': text('In the connector’s own words.'),
  'error?': connectorError,
  'amount?': amount('What the connector says was captured; the capture’s own stands.'),
  occurredAt: instant('By the connector’s word.'),
};

const cancelTold = {
  captureId,
  occurredAt: captureTold.occurredAt,
  'error?': connectorError,
};

export const captureEvents: DataOf<
  | 'CaptureCreated'
  | 'CapturePending'
  | 'CaptureSucceeded'
  | 'CaptureDeclined'
  | 'CaptureFailed'
  | 'CaptureReversed'
  | 'CaptureForwarded'
  | 'CaptureCancelRequested'
  | 'CaptureCanceled'
  | 'CaptureCancelFailed'
> = {
  CaptureCreated: {
    says: 'A capture was asked for, and holds its amount from here on.',
    members: {
      captureId,
      sequence: count('1, 2, 3 … in order of creation, without gap or reuse.', 1),
      amount: amount('Asked for.'),
      currency,
      final: yesOrNo('Whether no other capture may follow it.'),
      'idempotencyKey?': text('As its sender says.'),
      'externalIdentifier?': text('What its merchant calls it.'),
      'paymentReference?': text('As its sender says.'),
      'reference?': text('As its sender says.'),
      'referenceOrigin?': text('As its sender says.'),
      'cartItems?': cartItems,
      'installments?': count('How many.', 1),
      'statementDescriptor?': text('What the cardholder reads.'),
      'date?': { type: 'string', format: 'date', description: 'As its sender says.' },
      'metadata?': metadata,
    },
  },
  CapturePending: {
    says: 'The connector has it, and it is not over.',
    members: {
      ...captureTold,
      uncertain: yesOrNo('The connector timed out or answered 5xx: the money may have moved.'),
    },
  },
  CaptureSucceeded: { says: 'The money moved.', members: captureTold },
  CaptureDeclined: { says: 'The issuer or the connector said no.', members: captureTold },
  CaptureFailed: { says: 'It came to nothing at the connector.', members: captureTold },
  CaptureReversed: { says: 'The connector took a success back.', members: captureTold },
  CaptureForwarded: {
    says: 'An operator moved it on to succeeded, on evidence of their own.',
    members: { captureId, 'reason?': reason, 'evidence?': text('As its sender says.') },
  },
  CaptureCancelRequested: {
    says: 'A void is in flight from here on.',
    members: { captureId, 'reason?': reason },
  },
  CaptureCanceled: { says: 'The void succeeded.', members: cancelTold },
  CaptureCancelFailed: { says: 'The void came to nothing.', members: cancelTold },
};

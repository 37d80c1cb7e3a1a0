import type { Authorization, Capture, Refund, Registered } from '#capture/authorization.js';
import type { AuthorizationDocument } from './authorization-document.js';

/**
 * A document as it is kept: JSON that depends on its values alone. The state has members that may be
 * undefined, which JSON drops, so that one read back has its members in another order as soon as one
 * of them is set again. That is why each is named here, in a fixed order; a new member of the state is
 * a type error in this file until it is.
 */
export const encodeDocument = ({ state, ...document }: AuthorizationDocument): string =>
  JSON.stringify({
    revision: document.revision,
    position: document.position,
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
    state: inOrder(state),
    captures: document.captures,
  });

/** The document of `stream` that {@link encodeDocument} wrote. It folds on as if it had never been kept. */
export const decodeDocument = (stream: string, json: string): AuthorizationDocument =>
  ({ ...JSON.parse(json), stream }) as AuthorizationDocument;

const inOrder = ({ registered, captures, unplaced }: Authorization): Authorization => ({
  registered: registered && registeredInOrder(registered),
  captures: captures.map(captureInOrder),
  unplaced,
});

const registeredInOrder = (registered: Registered): Registered => ({
  terms: registered.terms,
  amount: registered.amount,
  expiresAt: registered.expiresAt,
  standing: registered.standing,
});

const captureInOrder = (capture: Capture): Capture => ({
  captureId: capture.captureId,
  sequence: capture.sequence,
  amount: capture.amount,
  currency: capture.currency,
  final: capture.final,
  status: capture.status,
  uncertain: capture.uncertain,
  voidInFlight: capture.voidInFlight,
  endedAt: capture.endedAt,
  lastSuccessAt: capture.lastSuccessAt,
  lastUndoneAt: capture.lastUndoneAt,
  nextRefundAmount: capture.nextRefundAmount,
  refunds: capture.refunds.map(refundInOrder),
  told: capture.told,
});

const refundInOrder = (refund: Refund): Refund => ({
  refundId: refund.refundId,
  purpose: refund.purpose,
  amount: refund.amount,
  status: refund.status,
  voidInFlight: refund.voidInFlight,
  endedAt: refund.endedAt,
  lastSuccessAt: refund.lastSuccessAt,
  lastUndoneAt: refund.lastUndoneAt,
});

import { refundById } from './authorization.js';
import type { Authorization } from './authorization.js';
import { isFact, payloadOf } from './commands.js';
import type { AuthorizationCommand } from './commands.js';
import {
  adjustAuthorization,
  expireAuthorization,
  registerAuthorization,
  voidAuthorization,
} from './decide-authorization.js';
import { cancelCapture, createCapture, forwardStuckCapture } from './decide-capture.js';
import {
  forwardStuckRefund,
  refundCapture,
  setNextRefundAmount,
  voidRefund,
} from './decide-refund.js';
import { unreachable } from './decider.js';
import type { Decider } from './decider.js';
import { present } from './decision.js';
import type { AuthorizationDecision } from './decision.js';
import type { AuthorizationEvent } from './events.js';
import { evolve, initialState } from './evolve.js';
import { recordFact } from './record-facts.js';
import type { Rejection } from './rejections.js';

/** What becomes of a command, given all that happened to its authorization. Pure. */
export const decide = (
  command: AuthorizationCommand,
  state: Authorization,
): AuthorizationDecision => {
  switch (command.type) {
    case 'RegisterAuthorization':
      return registerAuthorization(command, state);
    case 'AdjustAuthorization':
      return adjustAuthorization(command, state);
    case 'VoidAuthorization':
      return voidAuthorization(command, state);
    case 'ExpireAuthorization':
      return expireAuthorization(command, state);
    case 'CreateCapture':
      return createCapture(command, state);
    case 'ForwardStuckCapture':
      return forwardStuckCapture(command, state);
    case 'CancelCapture':
      return cancelCapture(command, state);
    case 'RefundCapture':
      return refundCapture(command, state);
    case 'VoidRefund':
      return voidRefund(command, state);
    case 'ForwardStuckRefund':
      return forwardStuckRefund(command, state);
    case 'SetNextRefundAmount':
      return setNextRefundAmount(command, state);
    case 'RecordCaptureOutcome':
    case 'RecordCancelOutcome':
    case 'RecordRefundOutcome':
      return recordFact(command, state);
    default:
      return unreachable(command);
  }
};

export const authorizationDecider: Decider<
  Authorization,
  AuthorizationCommand,
  AuthorizationEvent,
  Rejection
> = { initialState, evolve, decide };

/** The events of a decision, never none: a refusal, and a command without effect, leave a trace too. */
export const record = (
  command: AuthorizationCommand,
  decision: AuthorizationDecision,
  state: Authorization,
): readonly AuthorizationEvent[] => {
  const commandType = command.type;
  if (decision.outcome === 'rejected') {
    const { reason, details } = decision;
    const data = present({ commandType, reason, ...idsNamedBy(command), details });
    return [{ type: 'CommandRejected', data }];
  }
  if (decision.events.length > 0) return decision.events;
  const fact = isFact(command) ? payloadOf(command) : undefined;
  const data = present({ commandType, ...idsMeantBy(command, state), fact });
  return [{ type: 'CommandHadNoEffect', data }];
};

/**
 * The capture and the refund that a refused command was about. An id of something that the command
 * would have made is left out: it was not made.
 */
const idsNamedBy = (
  command: AuthorizationCommand,
): Readonly<{ captureId?: string | undefined; refundId?: string | undefined }> => {
  switch (command.type) {
    case 'RegisterAuthorization':
    case 'AdjustAuthorization':
    case 'VoidAuthorization':
    case 'ExpireAuthorization':
    case 'CreateCapture':
      return {};
    case 'RefundCapture':
    case 'CancelCapture':
    case 'ForwardStuckCapture':
    case 'SetNextRefundAmount':
    case 'RecordCaptureOutcome':
    case 'RecordCancelOutcome':
      return { captureId: command.captureId };
    case 'VoidRefund':
    case 'ForwardStuckRefund':
    case 'RecordRefundOutcome':
      return { captureId: command.captureId, refundId: command.refundId };
    default:
      return unreachable(command);
  }
};

/** The same of a command that changed nothing: what it would have made is there already. */
const idsMeantBy = (command: AuthorizationCommand, state: Authorization) => {
  if (command.type === 'RegisterAuthorization') {
    const automatic = state.registered?.terms.captureMethod === 'automatic';
    return { captureId: automatic ? state.captures[0]?.captureId : undefined };
  }
  if (command.type === 'CreateCapture') return { captureId: command.captureId };
  if (command.type !== 'RefundCapture') return idsNamedBy(command);
  const { refundId } = command;
  return { captureId: refundById(state, refundId)?.capture.captureId, refundId };
};

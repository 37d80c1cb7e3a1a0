import type { CommandType } from '#capture/commands.js';
import type { JsonObject } from '#commands/safe-json.js';

export type CommandExample = Readonly<{
  /** What the command is for. */
  summary: string;
  body: JsonObject;
}>;

const authorizationId = 'auth_4563';
const captureId = 'capture_1';
const refundId = 'refund_1';

/** What each command is for, and one as it is sent: each valid, and together in an order that tells a story. */
export const commandExamples: Readonly<Record<CommandType, CommandExample>> = {
  RegisterAuthorization: {
    summary: 'Tell the ledger of an authorization that a connector has given.',
    body: {
      authorizationId,
      amount: 12000,
      currency: 'EUR',
      captureMethod: 'manual_multiple',
      connector: 'acme-pay',
    },
  },
  AdjustAuthorization: {
    summary: 'Set the authorized amount to a new total.',
    body: { authorizationId, amount: 15000, reason: 'a night more' },
  },
  CreateCapture: {
    summary: 'Capture some of what is authorized, or all that is left of it.',
    body: { authorizationId, captureId, amount: 7000, reference: 'INV-2026-118' },
  },
  RecordCaptureOutcome: {
    summary: 'Tell what a connector said of a capture. A fact: it is recorded, never refused.',
    body: {
      authorizationId,
      captureId,
      outcome: 'pending',
      connectorCaptureId: 'cp_771',
      occurredAt: '2026-11-21T09:00:00Z',
    },
  },
  ForwardStuckCapture: {
    summary: 'Move a capture on to succeeded, on evidence of your own.',
    body: { authorizationId, captureId, evidence: 'settlement file of 21 November, line 17' },
  },
  SetNextRefundAmount: {
    summary: 'Set what a refund without an amount takes.',
    body: { authorizationId, captureId, amount: 2000 },
  },
  RefundCapture: {
    summary: 'Refund some of a capture, or all that is left of it.',
    body: { authorizationId, captureId, refundId, amount: 1500, reason: 'damaged' },
  },
  RecordRefundOutcome: {
    summary: 'Tell what a connector said of a refund. A fact: it is recorded, never refused.',
    body: {
      authorizationId,
      captureId,
      refundId,
      outcome: 'pending',
      occurredAt: '2026-11-22T09:00:00Z',
    },
  },
  VoidRefund: {
    summary: 'Ask for a refund to be called back before it is paid.',
    body: { authorizationId, captureId, refundId },
  },
  ForwardStuckRefund: {
    summary: 'Move a refund on to succeeded, on evidence of your own.',
    body: { authorizationId, captureId, refundId },
  },
  CancelCapture: {
    summary: 'Undo a capture: by a void while that is possible, else by a refund of what is left.',
    body: { authorizationId, captureId, mode: 'auto', reason: 'out of stock' },
  },
  RecordCancelOutcome: {
    summary: 'Tell what became of a void. A fact: it is recorded, never refused.',
    body: { authorizationId, captureId, outcome: 'failed', occurredAt: '2026-11-23T09:00:00Z' },
  },
  VoidAuthorization: {
    summary: 'Give back what is not captured, for good.',
    body: { authorizationId, reason: 'order canceled' },
  },
  ExpireAuthorization: {
    summary: 'Tell that the authorization has expired.',
    body: { authorizationId: 'auth_4564', at: '2026-12-21T09:00:00Z' },
  },
};

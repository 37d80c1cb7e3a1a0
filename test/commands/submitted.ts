import type { AuthorizationCommand } from '#capture/commands.js';
import { streamOf } from '#capture/stream-name.js';
import { fingerprintOf } from '#commands/fingerprint.js';
import type { SubmittedCommand } from '#commands/submitted-command.js';

type Payload<Asked> = Asked extends AuthorizationCommand
  ? Omit<Asked, 'commandId' | 'merchantAccountId' | 'authorizationId' | 'issuedAt' | 'actor'>
  : never;

/** A command as parsing leaves it: valid, complete, with the fingerprint of what was sent. */
export const submitted = (
  authorizationId: string,
  commandId: string,
  payload: Payload<AuthorizationCommand>,
): SubmittedCommand => {
  const key = { merchantAccountId: 'default', authorizationId };
  const sent = { ...key, type: payload.type, payload };
  const envelope = { commandId, ...key, issuedAt: '2026-11-21T09:00:00.000Z' };
  return {
    command: { ...envelope, ...payload },
    stream: streamOf(key),
    sent,
    fingerprint: fingerprintOf(sent),
  };
};

export const registration = {
  type: 'RegisterAuthorization',
  amount: 10_000,
  currency: 'EUR',
  captureMethod: 'manual_multiple',
  connector: 'adyen',
} as const;

export const capture = (captureId: string, amount: number) =>
  ({ type: 'CreateCapture', captureId, amount }) as const;

export const succeeded = (captureId: string) =>
  ({
    type: 'RecordCaptureOutcome',
    captureId,
    outcome: 'succeeded',
    occurredAt: '2026-11-21T09:00:01.000Z',
  }) as const;

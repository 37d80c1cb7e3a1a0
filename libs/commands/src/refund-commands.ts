import type * as capture from '#capture/commands.js';
import type { Metadata } from '#capture/values.js';
import { CommandEnvelope } from './command-envelope.js';
import type { DerivedId, SentAs } from './command-definition.js';
import { ConnectorError } from './connector-error.js';
import {
  Amount,
  CommandName,
  Id,
  MetadataMembers,
  Nested,
  OneOf,
  Optional,
  Reference,
  Text,
  Time,
} from './members.js';

export class RefundCapture
  extends CommandEnvelope
  implements SentAs<capture.RefundCapture, 'refundId'>
{
  @CommandName('RefundCapture') readonly type!: 'RefundCapture';
  @Optional() @Id() readonly captureId?: string;
  @Optional() @Id() readonly refundId?: string;
  @Optional() @Amount() readonly amount?: number;
  @Optional() @Text() readonly idempotencyKey?: string;
  @Optional() @Text(1000) readonly reason?: string;
  @Optional() @Text() readonly externalIdentifier?: string;
  @Optional() @MetadataMembers() readonly metadata?: Metadata;
}

export const filledIntoRefund = (
  { refundId }: RefundCapture,
  derivedId: DerivedId,
): Readonly<{ refundId: string }> => ({ refundId: refundId ?? derivedId('refund') });

export class RecordRefundOutcome extends CommandEnvelope implements capture.RecordRefundOutcome {
  @CommandName('RecordRefundOutcome') readonly type!: 'RecordRefundOutcome';
  @Id() readonly captureId!: string;
  @Id() readonly refundId!: string;
  @OneOf('pending', 'succeeded', 'declined', 'failed', 'voided', 'reversed')
  readonly outcome!: capture.RefundOutcome;
  @Optional() @Reference() readonly connectorRefundId?: string;
  @Optional() @Reference() readonly connectorEventId?: string;
  @Optional() @Nested(ConnectorError) readonly error?: ConnectorError;
  @Time() readonly occurredAt!: string;
}

export class VoidRefund extends CommandEnvelope implements capture.VoidRefund {
  @CommandName('VoidRefund') readonly type!: 'VoidRefund';
  @Id() readonly captureId!: string;
  @Id() readonly refundId!: string;
}

export class ForwardStuckRefund extends CommandEnvelope implements capture.ForwardStuckRefund {
  @CommandName('ForwardStuckRefund') readonly type!: 'ForwardStuckRefund';
  @Id() readonly captureId!: string;
  @Id() readonly refundId!: string;
}

export class SetNextRefundAmount extends CommandEnvelope implements capture.SetNextRefundAmount {
  @CommandName('SetNextRefundAmount') readonly type!: 'SetNextRefundAmount';
  @Id() readonly captureId!: string;
  @Amount() readonly amount!: number;
}

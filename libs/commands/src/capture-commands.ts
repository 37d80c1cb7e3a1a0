import type * as capture from '#capture/commands.js';
import type { Metadata } from '#capture/values.js';
import { CartItem } from './cart-item.js';
import { CommandEnvelope } from './command-envelope.js';
import type { DerivedId, SentAs } from './command-definition.js';
import { ConnectorError } from './connector-error.js';
import {
  Amount,
  CommandName,
  CurrencyCode,
  Day,
  Id,
  ListOf,
  MetadataMembers,
  Nested,
  OneOf,
  Optional,
  Reference,
  Refused,
  Text,
  Time,
  WholeNumber,
  YesOrNo,
} from './members.js';

export class CreateCapture
  extends CommandEnvelope
  implements SentAs<capture.CreateCapture, 'captureId'>
{
  @CommandName('CreateCapture') readonly type!: 'CreateCapture';
  @Optional() @Id() readonly captureId?: string;
  @Optional() @Amount() readonly amount?: number;
  @Optional() @CurrencyCode() readonly currency?: string;
  @Optional() @YesOrNo() readonly final?: boolean;
  @Optional() @Text() readonly idempotencyKey?: string;
  @Optional() @Text() readonly externalIdentifier?: string;
  @Optional() @Text() readonly paymentReference?: string;
  @Optional() @Text() readonly reference?: string;
  @Optional() @Text() readonly referenceOrigin?: string;
  @Optional() @ListOf(CartItem) readonly cartItems?: readonly CartItem[];
  @Optional() @WholeNumber(1, 999) readonly installments?: number;
  @Optional() @Text() readonly statementDescriptor?: string;
  @Optional() @Day() readonly date?: string;
  @Optional() @MetadataMembers() readonly metadata?: Metadata;
  @Refused('must be left out: it is personal, and cannot be kept encrypted yet')
  readonly deviceIp?: never;
}

export const filledIntoCapture = (
  { captureId }: CreateCapture,
  derivedId: DerivedId,
): Readonly<{ captureId: string }> => ({ captureId: captureId ?? derivedId('capture') });

export class RecordCaptureOutcome extends CommandEnvelope implements capture.RecordCaptureOutcome {
  @CommandName('RecordCaptureOutcome') readonly type!: 'RecordCaptureOutcome';
  @Id() readonly captureId!: string;
  @OneOf('pending', 'succeeded', 'declined', 'failed', 'uncertain', 'reversed')
  readonly outcome!: capture.CaptureOutcome;
  @Optional() @Reference() readonly connectorEventId?: string;
  @Optional() @Reference() readonly connectorCaptureId?: string;
  @Optional() @Reference() readonly connectorReferenceId?: string;
  @Optional() @Reference() readonly token?: string;
  @Optional() @Reference() readonly requestId?: string;
  @Optional() @Reference() readonly isoResponseCode?: string;
  @Optional() @Reference() readonly rawResponseCode?: string;
  @Optional() @Text(1000, 0) readonly rawResponseDescription?: string;
  @Optional() @Nested(ConnectorError) readonly error?: ConnectorError;
  @Optional() @Amount() readonly amount?: number;
  @Time() readonly occurredAt!: string;
}

export class ForwardStuckCapture extends CommandEnvelope implements capture.ForwardStuckCapture {
  @CommandName('ForwardStuckCapture') readonly type!: 'ForwardStuckCapture';
  @Id() readonly captureId!: string;
  @Optional() @Text(1000) readonly reason?: string;
  @Optional() @Text(1000) readonly evidence?: string;
}

export class CancelCapture
  extends CommandEnvelope
  implements SentAs<Omit<capture.CancelCapture, 'refundId'>, 'mode'>
{
  @CommandName('CancelCapture') readonly type!: 'CancelCapture';
  @Id() readonly captureId!: string;
  @Optional() @OneOf('void', 'refund', 'auto') readonly mode?: 'void' | 'refund' | 'auto';
  @Optional() @Text(1000) readonly reason?: string;
}

/** The refund that a cancel may become is never named by the sender. */
export const filledIntoCancel = (
  { mode }: CancelCapture,
  derivedId: DerivedId,
): Pick<capture.CancelCapture, 'mode' | 'refundId'> => ({
  mode: mode ?? 'auto',
  refundId: derivedId('refund'),
});

export class RecordCancelOutcome extends CommandEnvelope implements capture.RecordCancelOutcome {
  @CommandName('RecordCancelOutcome') readonly type!: 'RecordCancelOutcome';
  @Id() readonly captureId!: string;
  @OneOf('succeeded', 'failed') readonly outcome!: 'succeeded' | 'failed';
  @Optional() @Nested(ConnectorError) readonly error?: ConnectorError;
  @Time() readonly occurredAt!: string;
}

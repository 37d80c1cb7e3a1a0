import type * as capture from '#capture/commands.js';
import type { CaptureMethod } from '#capture/values.js';
import type * as values from '#capture/values.js';
import { JSONSchema } from 'class-validator-jsonschema';
import { CommandEnvelope } from './command-envelope.js';
import type { DerivedId } from './command-definition.js';
import type { Flaw } from './flaw.js';
import {
  Amount,
  CommandName,
  CurrencyCode,
  Id,
  Nested,
  OneOf,
  Optional,
  Reference,
  Text,
  Time,
  WholeNumber,
} from './members.js';

/** How much more than the authorized amount may be captured; the larger of the two counts. */
@JSONSchema({ minProperties: 1, description: 'an object with amount or percentage' })
export class OverCapture implements values.OverCapture {
  @Optional() @Amount() readonly amount?: number;
  @Optional() @WholeNumber(0, 10_000, ' of per cent') readonly percentage?: number;
}

export class RegisterAuthorization
  extends CommandEnvelope
  implements capture.RegisterAuthorization
{
  @CommandName('RegisterAuthorization') readonly type!: 'RegisterAuthorization';
  @Amount() readonly amount!: number;
  @CurrencyCode() readonly currency!: string;
  @OneOf('automatic', 'manual', 'manual_multiple') readonly captureMethod!: CaptureMethod;
  @Text() readonly connector!: string;
  @Optional() @Id() readonly captureId?: string;
  @Optional() @Reference() readonly paymentId?: string;
  @Optional() @Reference() readonly connectorTransactionId?: string;
  @Optional() @Nested(OverCapture) readonly overCapture?: OverCapture;
  @Optional() @WholeNumber(1, 10_000) readonly maxCaptures?: number;
  @Optional() @Time() readonly expiresAt?: string;
  @Optional() @Text() readonly externalIdentifier?: string;
  @Optional() @Text() readonly orderRef?: string;
  @Optional() @Text() readonly paymentSourceRef?: string;
  @Optional() @Text() readonly paymentMethodType?: string;
  @Optional() @Text() readonly network?: string;
  @Optional() @Reference() readonly connectedAccountId?: string;
  @Optional() @Reference() readonly merchantId?: string;
  @Optional() @Text() readonly reconciliationRef?: string;
  @Optional() @OneOf('test', 'live') readonly mode?: 'test' | 'live';
}

export const flawsOfRegistration = ({
  captureMethod,
  captureId,
  overCapture,
}: RegisterAuthorization): readonly Flaw[] => [
  ...(captureId !== undefined && captureMethod !== 'automatic'
    ? [{ pointer: '/captureId', message: 'must be left out unless captureMethod is automatic' }]
    : []),
  ...(overCapture && captureMethod === 'manual_multiple'
    ? [
        {
          pointer: '/overCapture',
          message: 'must be left out where captureMethod is manual_multiple',
        },
      ]
    : []),
];

/** An automatic authorization is captured as it is registered, so its capture has an id at once. */
export const filledIntoRegistration = (
  { captureMethod, captureId }: RegisterAuthorization,
  derivedId: DerivedId,
): Readonly<{ captureId?: string }> =>
  captureMethod === 'automatic' ? { captureId: captureId ?? derivedId('capture') } : {};

export class AdjustAuthorization extends CommandEnvelope implements capture.AdjustAuthorization {
  @CommandName('AdjustAuthorization') readonly type!: 'AdjustAuthorization';
  /** The new total. */
  @Amount() readonly amount!: number;
  @Optional() @Time() readonly expiresAt?: string;
  @Optional() @Text(1000) readonly reason?: string;
}

export class VoidAuthorization extends CommandEnvelope implements capture.VoidAuthorization {
  @CommandName('VoidAuthorization') readonly type!: 'VoidAuthorization';
  @Optional() @Text(1000) readonly reason?: string;
}

export class ExpireAuthorization extends CommandEnvelope implements capture.ExpireAuthorization {
  @CommandName('ExpireAuthorization') readonly type!: 'ExpireAuthorization';
  @Time() readonly at!: string;
}

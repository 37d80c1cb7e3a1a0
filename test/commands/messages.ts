import type { CommandType } from '#capture/commands.js';
import { parseCommand } from '#commands/parse-command.js';
import type { InvalidCommand } from '#commands/parse-command.js';
import type { IncomingCommand } from '#commands/incoming-command.js';
import type { ParsedCommand } from '#commands/parsed-command.js';
import type { Flaw } from '#commands/flaw.js';

export const NOW = '2026-11-21T09:00:00.000Z';
export const envelope = { commandId: 'cmd-1', authorizationId: 'auth-1' };

type Payload = Readonly<Record<string, unknown>>;

const capture = { captureId: 'cap-1' };
const refund = { captureId: 'cap-1', refundId: 'ref-1' };
const occurredAt = '2026-11-21T08:59:59.000Z';
const error = {
  code: 'insufficient_funds',
  connectorCode: '51',
  message: 'Not enough money',
  reason: 'The issuer said no',
};
const cartItem = {
  name: 'GoPro HD',
  quantity: 2,
  unitAmount: 49_999,
  discountAmount: 0,
  taxAmount: 0,
  externalIdentifier: 'goprohd',
  sku: 'GPHD1078',
  upc: '012345678905',
  productUrl: 'https://example.com/catalog/go-pro-hd',
  imageUrl: 'https://example.com/images/go-pro-hd.jpg',
  categories: ['camera', 'travel'],
  productType: 'physical',
  sellerCountry: 'US',
  taxExempt: false,
  unitOfMeasure: 'pieces',
  commodityCode: '43211503',
  description: 'A camera',
  dutyAmount: 0,
  shippingAmount: 1299,
};

/** For each command the least that a sender may say of it, and all that it may say. */
export const payloads: Readonly<Record<CommandType, Readonly<{ least: Payload; most: Payload }>>> =
  {
    RegisterAuthorization: {
      least: { amount: 1, currency: 'EUR', captureMethod: 'manual', connector: 'adyen' },
      most: {
        amount: 10_000,
        currency: 'JPY',
        captureMethod: 'automatic',
        connector: 'adyen',
        captureId: 'cap-1',
        paymentId: 'pay-1',
        connectorTransactionId: '8835671234567890',
        overCapture: { amount: 500, percentage: 10 },
        maxCaptures: 3,
        expiresAt: '2026-11-28T09:00:00.000Z',
        externalIdentifier: 'order 17',
        orderRef: 'order-17',
        paymentSourceRef: 'src-1',
        paymentMethodType: 'card',
        network: 'visa',
        connectedAccountId: 'acct-1',
        merchantId: '4445012345674',
        reconciliationRef: 'rec-1',
        mode: 'test',
      },
    },
    AdjustAuthorization: {
      least: { amount: 1 },
      most: { amount: 12_000, expiresAt: '2026-12-01T00:00:00.000Z', reason: 'Two nights more' },
    },
    VoidAuthorization: { least: {}, most: { reason: 'The guest left' } },
    ExpireAuthorization: { least: { at: occurredAt }, most: { at: occurredAt } },
    CreateCapture: {
      least: {},
      most: {
        captureId: 'cap-1',
        amount: 7000,
        currency: 'EUR',
        final: false,
        idempotencyKey: 'key-1',
        externalIdentifier: 'capture-12345',
        paymentReference: 'REF 1',
        reference: 'inv-99',
        referenceOrigin: 'erp',
        cartItems: [cartItem, { name: 'Bag', quantity: 1, unitAmount: 0 }],
        installments: 3,
        statementDescriptor: 'SHOP 123',
        date: '2026-11-21',
        metadata: { orderNumber: 'A-17', gift: true, weight: 1.25 },
      },
    },
    RecordCaptureOutcome: {
      least: { ...capture, outcome: 'pending', occurredAt },
      most: {
        ...capture,
        outcome: 'declined',
        connectorEventId: 'evt-1',
        connectorCaptureId: 'C-1',
        connectorReferenceId: '4111111111111111',
        token: 'tok-1',
        requestId: 'req-1',
        isoResponseCode: '51',
        rawResponseCode: 'E104',
        rawResponseDescription: 'Internal error',
        error,
        amount: 7000,
        occurredAt,
      },
    },
    ForwardStuckCapture: {
      least: capture,
      most: { ...capture, reason: 'Stuck since Monday', evidence: 'Ticket 4711' },
    },
    CancelCapture: {
      least: capture,
      most: { ...capture, mode: 'void', reason: 'Sold out' },
    },
    RecordCancelOutcome: {
      least: { ...capture, outcome: 'succeeded', occurredAt },
      most: { ...capture, outcome: 'failed', error, occurredAt },
    },
    RefundCapture: {
      least: {},
      most: {
        ...refund,
        amount: 500,
        idempotencyKey: 'key-2',
        reason: 'Sent back',
        externalIdentifier: 'refund 1',
        metadata: { ticket: 4711 },
      },
    },
    RecordRefundOutcome: {
      least: { ...refund, outcome: 'succeeded', occurredAt },
      most: {
        ...refund,
        outcome: 'declined',
        connectorRefundId: 'R-1',
        connectorEventId: 'evt-2',
        error,
        occurredAt,
      },
    },
    VoidRefund: { least: refund, most: refund },
    ForwardStuckRefund: { least: refund, most: refund },
    SetNextRefundAmount: { least: { ...capture, amount: 1 }, most: { ...capture, amount: 500 } },
  };

export const commandTypes = Object.keys(payloads) as CommandType[];

/** A message of a command's least members, with changes; a member that is undefined is left out. */
export const messageOf = (type: CommandType, changes: Payload = {}): Payload => ({
  ...envelope,
  type,
  ...payloads[type].least,
  ...changes,
});

export const parsed = (message: Payload, beside: Partial<IncomingCommand> = {}): ParsedCommand => {
  const result = parseCommand({ body: JSON.stringify(message), ...beside }, NOW);
  if (!result.ok) throw new Error(`invalid: ${JSON.stringify(result.invalid.errors)}`);
  return result.command;
};

export const invalidOf = (
  body: Payload | string | Uint8Array,
  beside: Partial<IncomingCommand> = {},
): InvalidCommand => {
  const bytes = typeof body === 'string' || body instanceof Uint8Array;
  const result = parseCommand({ body: bytes ? body : JSON.stringify(body), ...beside }, NOW);
  if (result.ok) throw new Error(`taken: ${JSON.stringify(result.command)}`);
  return result.invalid;
};

export const flawsOf = (...said: Parameters<typeof invalidOf>): readonly Flaw[] =>
  invalidOf(...said).errors;

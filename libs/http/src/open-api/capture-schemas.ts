import type { CartItem, ConnectorError } from '#capture/values.js';
import type { JsonSchema } from '#commands/class-schema.js';
import type {
  AuthorizationTerms,
  CaptureView,
  ConnectorWords,
  RefundNumbers,
  RefundsOfCapture,
  RefundView,
} from '#projections/views.js';
import { count, instant, listOf, objectOf, orNull, ref, text, word, yesOrNo } from './schema.js';
import { members, refundStatuses, terms } from './view-schemas.js';

const { head, sequenced, refundNumbers } = members;

const error: JsonSchema = { oneOf: [ref('ConnectorError'), { type: 'null' }] };

const metadata: JsonSchema = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
  description: 'What its sender keeps with it.',
};

const words: { readonly [Name in keyof ConnectorWords]: JsonSchema } = {
  connectorCaptureId: orNull(text('What the connector calls it.')),
  connectorReferenceId: orNull(text('What the connector refers to.')),
  token: orNull(text('Of the connector.')),
  requestId: orNull(text('Of the connector.')),
  isoResponseCode: orNull(text('Of ISO 8583.')),
  rawResponseCode: orNull(text('In the connector’s own words.')),
  rawResponseDescription: orNull(text('In the connector’s own words.')),
};

const times = {
  createdAt: instant('When the command that made it was issued.'),
  updatedAt: instant('The latest time at which a command that changed it was issued.'),
};

const cartItem = objectOf<CartItem>(
  {
    name: text('Of the item.'),
    quantity: count('How many.'),
    unitAmount: count('Minor units, for one.'),
    discountAmount: count('Minor units.'),
    taxAmount: count('Minor units.'),
    externalIdentifier: text('What its merchant calls it.'),
    sku: text('Stock-keeping unit.'),
    upc: text('Universal product code.'),
    productUrl: text('Of its page.'),
    imageUrl: text('Of its picture.'),
    categories: listOf({ type: 'string' }),
    productType: text('As its sender says.'),
    sellerCountry: text('ISO 3166.'),
    taxExempt: yesOrNo('Whether there is no tax on it.'),
    unitOfMeasure: text('As its sender says.'),
    commodityCode: text('As its sender says.'),
    description: text('As its sender says.'),
    dutyAmount: count('Minor units.'),
    shippingAmount: count('Minor units.'),
  },
  {
    optional: [
      'discountAmount',
      'taxAmount',
      'externalIdentifier',
      'sku',
      'upc',
      'productUrl',
      'imageUrl',
      'categories',
      'productType',
      'sellerCountry',
      'taxExempt',
      'unitOfMeasure',
      'commodityCode',
      'description',
      'dutyAmount',
      'shippingAmount',
    ],
  },
);

/** A capture with all that belongs to it, by the name of the schema. */
export const captureSchemas: Readonly<Record<string, JsonSchema>> = {
  ConnectorError: objectOf<ConnectorError>(
    {
      code: text('Of the field.'),
      connectorCode: text('The connector’s own.'),
      message: text('For a person.'),
      reason: text('More of it.'),
    },
    { optional: ['code', 'connectorCode', 'message', 'reason'] },
  ),
  CartItem: cartItem,
  Refund: objectOf<RefundView>({
    refundId: text('Of the refund: unique within its authorization.'),
    amount: sequenced.amount,
    currency: sequenced.currency,
    status: word('How it stands.', refundStatuses),
    purpose: word('`cancel`: what a cancel of a succeeded capture became.', ['refund', 'cancel']),
    voidInFlight: yesOrNo('A void was asked for, and is not over.'),
    connectorRefundId: orNull(text('What the connector calls it.')),
    error,
    idempotencyKey: orNull(text('As its sender says.')),
    reason: orNull(text('As its sender says.')),
    externalIdentifier: orNull(text('What its merchant calls it.')),
    metadata,
    ...times,
    refundedAt: orNull(instant('When it succeeded; null unless it has.')),
  }),
  Capture: objectOf<CaptureView>({
    ...head,
    ...sequenced,
    ...words,
    voidInFlight: yesOrNo('A void was asked for, and is not over.'),
    error,
    idempotencyKey: orNull(text('As its sender says.')),
    externalIdentifier: orNull(text('What its merchant calls it.')),
    paymentReference: orNull(text('As its sender says.')),
    reference: orNull(text('As its sender says.')),
    referenceOrigin: orNull(text('As its sender says.')),
    cartItems: listOf(ref('CartItem')),
    installments: orNull(count('How many.')),
    statementDescriptor: orNull(text('What the cardholder reads.')),
    date: orNull(text('As its sender says.')),
    metadata,
    ...times,
    capturedAt: orNull(instant('When it succeeded, or was forwarded; null unless it has.')),
    endedAt: orNull(instant('When what ended it occurred; null unless it has ended.')),
    authorization: objectOf<AuthorizationTerms>(terms),
    refundBalance: objectOf<RefundNumbers>(refundNumbers),
    refunds: objectOf<RefundsOfCapture>({
      count: count('Of all refunds.'),
      totals: {
        type: 'object',
        properties: Object.fromEntries(refundStatuses.map((status) => [status, ref('Sum')])),
        required: refundStatuses,
      },
      last: { ...listOf(ref('Refund')), maxItems: 100 },
    }),
  }),
};

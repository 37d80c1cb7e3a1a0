// What several events say. Lengths are a matter of what is taken, and stand in the schemas of commands:
// those may change with a release, and an event is read for ever.
import type { CartItem, ConnectorError, OverCapture } from '#capture/values.js';
import { amount, count, id, objectOf, text, yesOrNo } from '../schema.ts';
import type { JsonSchema } from '../schema.ts';

export const currency: JsonSchema = {
  type: 'string',
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217.',
};

export const captureId = id('Of the capture: unique within its authorization.');
export const refundId = id('Of the refund: unique within its authorization.');

/** A count of minor units that may be 0. */
const part = (description: string): JsonSchema => count(`${description} Whole minor units.`);

export const overCapture = objectOf<OverCapture>(
  {
    'amount?': amount('More than is authorized.'),
    'percentage?': count('Whole per cent more than is authorized.'),
  },
  'How much more than the authorized amount may be captured; the larger of the two counts.',
);

export const connectorError = objectOf<ConnectorError>(
  {
    'code?': text('Of the field.'),
    'connectorCode?': text('The connector’s own.'),
    'message?': text('For a person.'),
    'reason?': text('More of it.'),
  },
  'What a connector says of a refusal or a failure.',
);

export const metadata: JsonSchema = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
  description: 'What its sender keeps with it.',
};

const cartItem = objectOf<CartItem>({
  name: text('Of the item.'),
  quantity: count('How many.', 1),
  unitAmount: part('For one.'),
  'discountAmount?': part('Taken off.'),
  'taxAmount?': part('Of tax.'),
  'externalIdentifier?': text('What its merchant calls it.'),
  'sku?': text('Stock-keeping unit.'),
  'upc?': text('Universal product code.'),
  'productUrl?': text('Of its page.'),
  'imageUrl?': text('Of its picture.'),
  'categories?': { type: 'array', items: { type: 'string' }, description: 'As its sender says.' },
  'productType?': text('As its sender says.'),
  'sellerCountry?': text('ISO 3166-1 alpha-2.'),
  'taxExempt?': yesOrNo('Whether there is no tax on it.'),
  'unitOfMeasure?': text('As its sender says.'),
  'commodityCode?': text('As its sender says.'),
  'description?': text('As its sender says.'),
  'dutyAmount?': part('Of duty.'),
  'shippingAmount?': part('Of shipping.'),
});

export const cartItems: JsonSchema = {
  type: 'array',
  items: cartItem,
  description: 'Of the order that the capture pays for.',
};

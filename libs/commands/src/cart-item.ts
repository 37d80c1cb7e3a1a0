import type * as capture from '#capture/values.js';
import {
  OneOf,
  Optional,
  Pattern,
  Reference,
  Text,
  Texts,
  WholeNumber,
  YesOrNo,
} from './members.js';

const ITEM_MAX = 99_999_999;
const Part = () => WholeNumber(0, ITEM_MAX, ' of minor units');

/** A line of the order that a capture pays for. The limits are Gr4vy's, whose field this is. */
export class CartItem implements capture.CartItem {
  @Text(255) readonly name!: string;
  @WholeNumber(1, ITEM_MAX) readonly quantity!: number;
  @Part() readonly unitAmount!: number;
  @Optional() @Part() readonly discountAmount?: number;
  @Optional() @Part() readonly taxAmount?: number;
  @Optional() @Text(200) readonly externalIdentifier?: string;
  // Goods are numbered in 13 and 14 digits: these are no free text.
  @Optional() @Reference(200) readonly sku?: string;
  @Optional() @Reference(50) readonly upc?: string;
  @Optional() @Text(2083) readonly productUrl?: string;
  @Optional() @Text(2083) readonly imageUrl?: string;
  @Optional() @Texts(50) readonly categories?: readonly string[];
  @Optional()
  @OneOf(
    'physical',
    'discount',
    'shipping_fee',
    'sales_tax',
    'digital',
    'gift_card',
    'store_credit',
    'surcharge',
  )
  readonly productType?: string;
  @Optional()
  @Pattern(/^[A-Z]{2}$/, 'a country of two capital letters')
  readonly sellerCountry?: string;
  @Optional() @YesOrNo() readonly taxExempt?: boolean;
  @Optional() @Text(50) readonly unitOfMeasure?: string;
  @Optional() @Reference(50) readonly commodityCode?: string;
  @Optional() @Text(255) readonly description?: string;
  @Optional() @Part() readonly dutyAmount?: number;
  @Optional() @Part() readonly shippingAmount?: number;
}

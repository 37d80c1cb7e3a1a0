/** A whole number of the currency's minor units (cents, paisa), 1 to 2^53 - 1. */
export type Amount = number;

/** ISO 4217, one of `currencies.ts`. */
export type Currency = string;

/** RFC 3339 in UTC with milliseconds: `2026-11-21T09:00:00.000Z`. As text it sorts as the instant does. */
export type Instant = string;

export type CaptureMethod = 'automatic' | 'manual' | 'manual_multiple';

export type OverCapture = Readonly<{
  amount?: Amount;
  /** Whole per cent on top of the authorized amount: 250 of 2 000 allows 7 000. */
  percentage?: number;
}>;

/** At most 50 keys of 40 characters; texts of up to 500. */
export type Metadata = Readonly<Record<string, string | number | boolean>>;

/** What a connector says of a refusal or a failure. */
export type ConnectorError = Readonly<{
  code?: string;
  connectorCode?: string;
  message?: string;
  reason?: string;
}>;

/** A line of the order that a capture pays for; amounts in minor units, parts may be 0. */
export type CartItem = Readonly<{
  name: string;
  quantity: number;
  unitAmount: number;
  discountAmount?: number;
  taxAmount?: number;
  externalIdentifier?: string;
  sku?: string;
  upc?: string;
  productUrl?: string;
  imageUrl?: string;
  categories?: readonly string[];
  productType?: string;
  sellerCountry?: string;
  taxExempt?: boolean;
  unitOfMeasure?: string;
  commodityCode?: string;
  description?: string;
  dutyAmount?: number;
  shippingAmount?: number;
}>;

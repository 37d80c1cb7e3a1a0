import type { Metadata } from '#capture/values.js';
import { holdsCardNumber, isCardDataName, lettersOf } from './card-data.js';
import type { Flaw } from './flaw.js';
import { pointerTo } from './json-pointer.js';

/**
 * What metadata must not hold although each member is right by itself: card data ever, and what is
 * named as somebody's personal data until it can be kept encrypted. No value is repeated.
 */
export const flawsOfMetadata = ({
  metadata = {},
}: Readonly<{ metadata?: Metadata }>): readonly Flaw[] =>
  Object.entries(metadata).flatMap(([name, value]) => {
    const message = objectionTo(name, value);
    return message ? [{ pointer: pointerTo('/metadata', name), message }] : [];
  });

const objectionTo = (name: string, value: Metadata[string]): string | undefined => {
  const letters = lettersOf(name);
  if (isCardDataName(letters)) return 'must be left out: its name is that of card data';
  if (PERSONAL_PART.test(letters) || PERSONAL_WORD.test(letters)) {
    return 'must be left out: its name is that of personal data, which cannot be kept encrypted yet';
  }
  return holdsCardNumber(name) || holdsCardNumber(String(value))
    ? 'must not hold a card number'
    : undefined;
};

/** Wherever they stand in a name, they make it personal: `billing_address_2`, `e-mail`. */
const PERSONAL_PART =
  /email|phone|mobile|msisdn|address|iban|birth|passport|surname|(?:first|last|full|given|family|middle|maiden)name|socialsecurity|nationalid|taxid/;

/** Too short or too common to be looked for inside of other words (tip, productName), unless it is said whose. */
const PERSONAL_WORD =
  /^(?:customer|buyer|payer|payee|client|consumer|shopper|guest|user|member|person|contact|recipient|sender|receiver|owner|holder|card|account|billing|shipping|delivery|device|remote|source)*(?:name|ip|ipv4|ipv6|dob|ssn|tel|fax|street|accountnumber)\d?$/;

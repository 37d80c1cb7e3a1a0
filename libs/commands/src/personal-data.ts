// Personal data is refused by its name until it can be kept encrypted; nor may it be kept with what is refused.

/** Whether a member so named is somebody's personal data: `email`, `customername`. Takes `lettersOf` a name. */
export const isPersonalName = (letters: string): boolean =>
  PERSONAL_PART.test(letters) || PERSONAL_WORD.test(letters);

/** Wherever they stand in a name, they make it personal: `billing_address_2`, `e-mail`. */
const PERSONAL_PART =
  /email|phone|mobile|msisdn|address|iban|birth|passport|surname|(?:first|last|full|given|family|middle|maiden)name|socialsecurity|nationalid|taxid/;

/** Too short or too common to be looked for inside of other words (tip, productName), unless it is said whose. */
const PERSONAL_WORD =
  /^(?:customer|buyer|payer|payee|client|consumer|shopper|guest|user|member|person|contact|recipient|sender|receiver|owner|holder|card|account|billing|shipping|delivery|device|remote|source)*(?:name|ip|ipv4|ipv6|dob|ssn|tel|fax|street|accountnumber)\d?$/;

import type { Metadata } from '#capture/values.js';
import { holdsCardNumber, isCardDataName, lettersOf } from './card-data.js';
import type { Flaw } from './flaw.js';
import { pointerTo } from './json-pointer.js';
import { isPersonalName } from './personal-data.js';

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
  if (isPersonalName(letters)) {
    return 'must be left out: its name is that of personal data, which cannot be kept encrypted yet';
  }
  return holdsCardNumber(name) || holdsCardNumber(String(value))
    ? 'must not hold a card number'
    : undefined;
};

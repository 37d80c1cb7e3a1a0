import { holdsCardNumber } from './card-data.js';

/** Longer names are no member of ours: they are not worth repeating to their sender. */
const NAME_LENGTH_MAX = 128;

/**
 * The JSON Pointer (RFC 6901) of a member, or of an item, of what `parent` points at. A pointer is
 * answered and logged, so a name that holds a card number is left out: the pointer is the parent's.
 */
export const pointerTo = (parent: string, member: string | number): string => {
  const name = String(member);
  if (name.length > NAME_LENGTH_MAX || holdsCardNumber(name)) return parent;
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
};

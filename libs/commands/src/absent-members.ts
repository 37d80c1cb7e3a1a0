import type { JsonObject } from './safe-json.js';

/**
 * The same object without members that are null, at every depth: to us a member that is null was not
 * said, whatever its name, so it is neither checked, nor fingerprinted, nor kept. Nulls in a list stay
 * (and are refused later): they are items, and without them the others would move.
 */
export const withoutNulls = (object: JsonObject): JsonObject =>
  holdsNull(object) ? stripped(object) : object;

const holdsNull = (value: unknown): boolean =>
  value === null || (isHolder(value) && Object.values(value).some(holdsNull));

const stripped = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, cleaned(value)]),
  );

const cleaned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(cleaned);
  return isHolder(value) ? stripped(value) : value;
};

const isHolder = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null;

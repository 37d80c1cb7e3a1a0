import { hash } from 'node:crypto';
import { canonicalJson } from '#event-store/canonical.js';
import type { JsonObject } from './safe-json.js';

/**
 * What a fingerprint is of: a canonical command's `{type, merchantAccountId, authorizationId, payload}`,
 * or, in a dialect, `{dialect, operation, the ids in the path, body}`. Payload and body are what the
 * sender sent, before defaults and without members that are null.
 */
export type FingerprintSubject = JsonObject;

// Decisions of years ago name the recipe of their fingerprint: none is ever changed or removed.
const recipes: ReadonlyMap<string, (subject: FingerprintSubject) => string> = new Map([
  ['1', (subject) => hash('sha256', canonicalJson(subject), 'base64url')],
]);

const NEWEST_RECIPE = '1';

/** By the newest recipe: `{recipe}:{base64url}`. */
export const fingerprintOf = (subject: FingerprintSubject): string =>
  fingerprintBy(NEWEST_RECIPE, subject);

/** @throws {Error} no such recipe: a newer release made the fingerprint that it is to be compared with. */
export const fingerprintBy = (recipe: string, subject: FingerprintSubject): string => {
  const digest = recipes.get(recipe);
  if (!digest) throw new Error(`this build knows no recipe ${recipe} of fingerprints`);
  return `${recipe}:${digest(subject)}`;
};

/** Whether it was made by a recipe of this build, or of one before it. */
export const isKnownFingerprint = (fingerprint: string): boolean =>
  recipes.has(fingerprint.slice(0, fingerprint.indexOf(':')));

/**
 * Whether the command is the one that was decided under its id, compared by the recipe of the recorded
 * fingerprint.
 *
 * @throws {Error} a newer release recorded it.
 */
export const sameFingerprint = (
  { fingerprint, sent }: Readonly<{ fingerprint: string; sent: FingerprintSubject }>,
  recorded: string,
): boolean => {
  const [recipe = ''] = recorded.split(':', 1);
  return fingerprint === recorded || fingerprintBy(recipe, sent) === recorded;
};

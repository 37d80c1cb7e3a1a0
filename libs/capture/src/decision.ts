import { inJson } from './balances.js';
import type { Decision } from './decider.js';
import type { AuthorizationEvent, RejectionDetails } from './events.js';
import type { Rejection } from './rejections.js';

/** What became of a command on an authorization. No events: it is accepted, and changes nothing. */
export type AuthorizationDecision = Decision<AuthorizationEvent, Rejection>;

export const accept = (...events: AuthorizationEvent[]): AuthorizationDecision => ({
  outcome: 'accepted',
  events,
});

/** The details are the numbers that mattered; amounts in minor units. */
export const reject = (
  reason: Rejection,
  details: Readonly<Record<string, string | number | boolean | bigint>> = {},
): AuthorizationDecision => {
  const written: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(details)) {
    written[name] = typeof value === 'bigint' ? inJson(value) : value;
  }
  return { outcome: 'rejected', reason, details: written satisfies RejectionDetails };
};

/** The members that are there: an event says nothing of what its command left out. */
export const present = <Data extends object>(
  data: Data,
): { [Member in keyof Data]: Exclude<Data[Member], undefined> } => {
  const there: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) if (value !== undefined) there[name] = value;
  return there as never;
};

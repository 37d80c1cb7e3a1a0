import { capturedInAll, heldOf, isClosed, limitAt, limitOf } from './balances.js';
import type { Authorization, Registered } from './authorization.js';
import { payloadOf } from './commands.js';
import type {
  AdjustAuthorization,
  ExpireAuthorization,
  RegisterAuthorization,
  VoidAuthorization,
} from './commands.js';
import { accept, present, reject } from './decision.js';
import type { AuthorizationDecision } from './decision.js';
import { sameAuthorizationTerms } from './terms.js';

export const registerAuthorization = (
  command: RegisterAuthorization,
  { registered }: Authorization,
): AuthorizationDecision => {
  if (registered) {
    if (sameAuthorizationTerms(command, registered.terms)) return accept();
    const { amount, currency, captureMethod, connector } = registered.terms;
    const asRegistered = { amount, currency, captureMethod, connector };
    return reject('authorization_exists_with_different_terms', asRegistered);
  }
  const { type, captureId, ...terms } = payloadOf(command);
  const { amount, currency, captureMethod, mode = 'live' } = terms;
  const event = {
    type: 'AuthorizationRegistered',
    data: present({ ...terms, mode }),
  } as const;
  if (captureMethod !== 'automatic') return accept(event);
  if (captureId === undefined) throw new Error('an automatic authorization needs a capture id');
  return accept(event, {
    type: 'CaptureCreated',
    data: { captureId, sequence: 1, amount, currency, final: true },
  });
};

export const adjustAuthorization = (
  { amount, expiresAt, reason }: AdjustAuthorization,
  state: Authorization,
): AuthorizationDecision => {
  const { registered } = state;
  if (!registered) return reject('authorization_unknown');
  const refusal = refusalOfStanding(state, registered);
  if (refusal) return refusal;
  const limit = limitAt(registered, amount);
  const held = heldOf(state);
  if (limit < held) return reject('amount_below_held', { amount, limit, held });
  const sameExpiry = expiresAt === undefined || expiresAt === registered.expiresAt;
  if (amount === registered.amount && sameExpiry) return accept();
  return accept({ type: 'AuthorizationAdjusted', data: present({ amount, expiresAt, reason }) });
};

export const voidAuthorization = (
  { reason }: VoidAuthorization,
  state: Authorization,
): AuthorizationDecision => {
  const { registered, captures } = state;
  if (!registered) return reject('authorization_unknown');
  if (registered.standing === 'voided') return accept();
  if (registered.standing === 'expired') return reject('authorization_expired');
  if (isClosed(state)) return closed(state);
  const inFlight = captures.filter(({ status }) => status === 'requested' || status === 'pending');
  if (inFlight.length > 0) {
    return reject('authorization_has_captures', { captures: inFlight.length, held: heldOf(state) });
  }
  return accept({ type: 'AuthorizationVoided', data: present({ reason }) });
};

export const expireAuthorization = (
  { at }: ExpireAuthorization,
  { registered }: Authorization,
): AuthorizationDecision => {
  if (!registered) return reject('authorization_unknown');
  if (registered.standing === 'voided') return reject('authorization_voided');
  if (registered.standing === 'expired') return accept();
  return accept({ type: 'AuthorizationExpired', data: { at } });
};

/** The refusals that any use of a registered authorization meets, in their order; none: undefined. */
export const refusalOfStanding = (
  state: Authorization,
  registered: Registered,
): AuthorizationDecision | undefined => {
  if (registered.standing === 'voided') return reject('authorization_voided');
  if (registered.standing === 'expired') return reject('authorization_expired');
  return isClosed(state) ? closed(state) : undefined;
};

const closed = (state: Authorization): AuthorizationDecision =>
  reject('authorization_closed', { captured: capturedInAll(state), limit: limitOf(state) });

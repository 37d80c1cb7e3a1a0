// The same id with the same terms is the same thing: accepted again, and nothing changes. What the
// sender leaves out is not compared (domain.md).
import type { Capture, Refund } from './authorization.js';
import { DEFAULT_MAX_CAPTURES } from './balances.js';
import type { CreateCapture, RefundCapture, RegisterAuthorization } from './commands.js';
import type { AuthorizationRegistered } from './events.js';

export const sameAuthorizationTerms = (
  asked: RegisterAuthorization,
  registered: AuthorizationRegistered['data'],
): boolean =>
  asked.amount === registered.amount &&
  asked.currency === registered.currency &&
  asked.captureMethod === registered.captureMethod &&
  asked.connector === registered.connector &&
  (asked.overCapture === undefined || sameOverCapture(asked, registered)) &&
  sameWhereSaid(asked.maxCaptures, registered.maxCaptures ?? DEFAULT_MAX_CAPTURES);

export const sameCaptureTerms = (
  asked: CreateCapture,
  { amount, currency, final }: Capture,
): boolean =>
  sameWhereSaid(asked.amount, amount) &&
  sameWhereSaid(asked.currency, currency) &&
  sameWhereSaid(asked.final, final);

export const sameRefundTerms = (
  asked: Pick<RefundCapture, 'captureId' | 'amount'>,
  { captureId }: Capture,
  { amount }: Refund,
): boolean => sameWhereSaid(asked.captureId, captureId) && sameWhereSaid(asked.amount, amount);

const sameOverCapture = (
  { overCapture: asked }: Pick<RegisterAuthorization, 'overCapture'>,
  { overCapture: registered }: Pick<RegisterAuthorization, 'overCapture'>,
): boolean =>
  sameWhereSaid(asked?.amount, registered?.amount) &&
  sameWhereSaid(asked?.percentage, registered?.percentage);

const sameWhereSaid = <Value>(asked: Value | undefined, is: Value): boolean =>
  asked === undefined || asked === is;

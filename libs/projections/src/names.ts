import type { AuthorizationEvent } from '#capture/events.js';
import type { NameKind } from './queries.js';

/** Something that an authorization can be found by. */
export type Name = Readonly<{ kind: NameKind; name: string }>;

/** The names that an event gives to its authorization. Once given, a name stays. */
export const namesIn = ({ type, data }: AuthorizationEvent): readonly Name[] => {
  if (type === 'AuthorizationRegistered')
    return [...named('payment', data.paymentId), ...named('external', data.externalIdentifier)];
  if (type === 'CaptureCreated')
    return [...named('capture', data.captureId), ...named('external', data.externalIdentifier)];
  if (type === 'RefundRequested')
    return [...named('refund', data.refundId), ...named('external', data.externalIdentifier)];
  return [];
};

const named = (kind: NameKind, name: string | undefined): readonly Name[] =>
  name === undefined ? [] : [{ kind, name }];

import type { Flaw } from './flaw.js';
import type { IncomingCommand } from './incoming-command.js';

const fromTransport = ['correlationId', 'causationId', 'actor'] as const;

/** What a transport alone can say is checked here, as the rest is by its decorators. */
export const flawsBeside = (incoming: IncomingCommand, known: readonly Flaw[]): readonly Flaw[] =>
  fromTransport
    .filter((name) => !isKeepable(incoming[name]))
    .map((name) => ({ pointer: `/${name}`, message: 'must be a text of 1 to 300 characters' }))
    .filter(({ pointer }) => !known.some((flaw) => flaw.pointer === pointer));

/** A flaw of a member that is not in the body, in the transport's own words. */
export const toldBy = ({ told = {} }: IncomingCommand, flaw: Flaw): Flaw => {
  const member = flaw.pointer.slice(1);
  const place = Object.hasOwn(told, member) ? told[member] : undefined;
  if (place === undefined) return flaw;
  return place.startsWith('/')
    ? { pointer: place, message: flaw.message }
    : { pointer: '', message: `${place} ${flaw.message}` };
};

const isKeepable = (text = 'left out'): boolean =>
  text.length > 0 && text.length <= 300 && text.isWellFormed();

import type { CommandType } from '#capture/commands.js';
import { streamOf } from '#capture/stream-name.js';
import type { AuthorizationKey } from '#capture/stream-name.js';
import type { Instant } from '#capture/values.js';
import { derivedId } from '#event-store/derived-id.js';
import { withoutNulls } from './absent-members.js';
import { commandDefinitions } from './command-classes.js';
import { fingerprintOf } from './fingerprint.js';
import type { FingerprintSubject } from './fingerprint.js';
import type { Flaw } from './flaw.js';
import type { IncomingCommand } from './incoming-command.js';
import { ID } from './members.js';
import { FLAWS_MAX } from './message-check.js';
import type { ParsedCommand } from './parsed-command.js';
import type { SubmittedCommand } from './submitted-command.js';
import { readJson } from './safe-json.js';
import type { JsonObject } from './safe-json.js';
import { flawsBeside, toldBy } from './transport-flaws.js';
import { withheldIn, withheldInText } from './withheld.js';
import type { Withheld } from './withheld.js';

/** A message that is no command. Ids and type are there where they are well-formed themselves. */
export type InvalidCommand = Readonly<{
  commandId?: string;
  commandType?: CommandType;
  merchantAccountId?: string;
  authorizationId?: string;
  errors: readonly Flaw[];
  /** What the body seems to hold, so that its bytes must not be kept, not even as a dead letter. */
  withheld?: Withheld;
}>;

export type Parsed =
  Readonly<{ ok: true; command: ParsedCommand }> | Readonly<{ ok: false; invalid: InvalidCommand }>;

/**
 * Whatever a transport took in, to a command that can be decided, or to what is wrong with it. Never
 * throws. The same message is the same command over every transport, with the same fingerprint.
 *
 * @param now for a message that does not say when it was issued, over a transport that does not either.
 */
export const parseCommand = (incoming: IncomingCommand, now: Instant): Parsed => {
  const flawsOfTransport = incoming.flaws ?? [];
  if (incoming.body.length === 0 && flawsOfTransport.length > 0) {
    return invalid(flawsOfTransport, incoming, undefined);
  }
  const read = readJson(incoming.body);
  if (!read.ok) {
    const text = Buffer.from(incoming.body).toString();
    return invalid([...flawsOfTransport, ...read.flaws], incoming, withheldInText(text));
  }
  const message = withoutNulls(read.value);
  const inBody = Object.keys(message);
  const contradictions = addEnvelope(message, incoming, now);
  const definition = commandDefinitions.get(message['type']);
  const flawsOfMessage = definition ? definition.flawsIn(message) : [unknownType];
  const flaws = [
    ...flawsOfTransport,
    ...contradictions,
    ...[...flawsOfMessage, ...flawsBeside(incoming, flawsOfMessage)].map((flaw) =>
      inBody.includes(flaw.pointer.slice(1)) ? flaw : toldBy(incoming, flaw),
    ),
  ];
  if (!definition || flaws.length > 0) return invalid(flaws, message, withheldIn(message));

  const { commandId, merchantAccountId, authorizationId } = message as Envelope;
  const stream = streamOf({ merchantAccountId, authorizationId });
  const sent = subjectOf(message);
  const submitted = {
    fingerprint: fingerprintOf(sent),
    sent,
    command: definition.complete(message, (part) => derivedId(stream, commandId, part)),
    stream,
    ...besideOf(incoming),
  };
  return { ok: true, command: new definition.commandClass(submitted) };
};

type Envelope = AuthorizationKey & Readonly<{ commandId: string }>;

/** What a transport may say as well as the body, and must then say alike. */
const saidTwice = ['type', 'commandId', 'merchantAccountId', 'authorizationId'] as const;

/** Adds what the transport says; its flaws are where that contradicts the body. */
const addEnvelope = (
  message: JsonObject,
  incoming: IncomingCommand,
  now: Instant,
): readonly Flaw[] => {
  const flaws: Flaw[] = [];
  for (const name of saidTwice) {
    const said = incoming[name];
    if (said === undefined) continue;
    if (name in message && message[name] !== said) flaws.push(contradiction(name));
    message[name] = said;
  }
  message['merchantAccountId'] ??= 'default';
  message['issuedAt'] ??= incoming.issuedAt ?? now;
  if (incoming.actor !== undefined) message['actor'] ??= incoming.actor;
  return flaws;
};

const contradiction = (name: string): Flaw => ({
  pointer: `/${name}`,
  message: 'must be what its path, header or key says, or be left out',
});

/** The envelope is in the subject by itself, or is no part of what is asked for. */
const subjectOf = ({
  type,
  merchantAccountId,
  authorizationId,
  commandId: _commandId,
  issuedAt: _issuedAt,
  actor: _actor,
  ...payload
}: JsonObject): FingerprintSubject => ({ type, merchantAccountId, authorizationId, payload });

const unknownType: Flaw = {
  pointer: '/type',
  message: `must be one of ${[...commandDefinitions.keys()].join(', ')}`,
};

const besideOf = ({
  correlationId,
  causationId,
  ifMatch,
}: IncomingCommand): Pick<SubmittedCommand, 'correlationId' | 'causationId' | 'ifMatch'> => ({
  ...(correlationId !== undefined && { correlationId }),
  ...(causationId !== undefined && { causationId }),
  ...(ifMatch !== undefined && { ifMatch }),
});

/** @param said what names the command, as far as it is known. */
const invalid = (
  flaws: readonly Flaw[],
  said: JsonObject,
  withheld: Withheld | undefined,
): Parsed => {
  const { type } = said;
  const ids = ['commandId', 'merchantAccountId', 'authorizationId']
    .map((name) => [name, said[name]])
    .filter(([, id]) => typeof id === 'string' && ID.test(id));
  return {
    ok: false,
    invalid: {
      ...Object.fromEntries(ids),
      ...(commandDefinitions.has(type) && { commandType: type as CommandType }),
      errors: flaws.slice(0, FLAWS_MAX),
      ...(withheld && { withheld }),
    },
  };
};

import type { AuthorizationCommand, CommandType } from '#capture/commands.js';
import { schemaOf } from './class-schema.js';
import type { JsonSchema } from './class-schema.js';
import type { CommandEnvelope } from './command-envelope.js';
import type { Flaw } from './flaw.js';
import { instantOf } from './instant.js';
import { messageCheck } from './message-check.js';
import { commandClassOf } from './parsed-command.js';
import type { CommandClass } from './parsed-command.js';
import type { JsonObject } from './safe-json.js';

/** A command as it is sent: what the ledger fills in may be left out. */
export type SentAs<Command, Filled extends keyof Command> = Omit<Command, Filled> &
  Partial<Pick<Command, Filled>>;

/** The id of what the command makes, from its stream and command id (derived-id.ts). */
export type DerivedId = (part: 'capture' | 'refund') => string;

/** One type of command: all that there is to know of it on its way from a message to a decision. */
export type CommandDefinition<C extends AuthorizationCommand = AuthorizationCommand> = Readonly<{
  /** What the bus carries. */
  commandClass: CommandClass;
  schema: () => JsonSchema;
  /** All that is wrong with a message, envelope included; without members that are null. */
  flawsIn: (message: JsonObject) => readonly Flaw[];
  /**
   * Makes of a message without flaws the domain's command: times in normal form, and filled in what the
   * sender may leave out and the domain may not. The message itself becomes the command: a copy costs
   * as much as all checks.
   */
  complete: (message: Record<string, unknown>, derivedId: DerivedId) => C;
}>;

type Rules<Sent, Filled> = Readonly<{
  /** What is wrong between members that are right each by itself. */
  flaws?: (sent: Sent) => readonly Flaw[];
  /** What a sender may leave out and the domain may not. */
  filledIn?: (sent: Sent, derivedId: DerivedId) => Filled;
}>;

/** @param sent its decorated members are the one source of what may be sent. */
export const define = <
  Sent extends CommandEnvelope & Readonly<{ type: CommandType }>,
  Filled extends object = object,
>(
  sent: abstract new () => Sent,
  { flaws = () => [], filledIn }: Rules<Sent, Filled> = {},
) => {
  const schema = (): JsonSchema => schemaOf(sent);
  const flawsOfMembers = messageCheck(schema);
  const times = timesIn(schema());
  return {
    commandClass: commandClassOf(sent.name),
    schema,
    flawsIn: (message: JsonObject) => {
      const found = flawsOfMembers(message);
      return found.length > 0 ? found : flaws(message as Sent);
    },
    complete: (message: Record<string, unknown>, derivedId: DerivedId) => {
      for (const name of times) {
        const time = message[name];
        if (typeof time === 'string') message[name] = instantOf(time);
      }
      const completed = Object.assign(message, filledIn?.(message as Sent, derivedId));
      return completed as Omit<Sent, keyof Filled> & Filled;
    },
  };
};

const timesIn = ({ properties }: JsonSchema): readonly string[] =>
  Object.entries(properties as Record<string, JsonSchema>)
    .filter(([, { format }]) => format === 'date-time')
    .map(([name]) => name);

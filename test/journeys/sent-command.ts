import { sample } from 'fast-check';
import { payloadOf } from '#capture/commands.js';
import type { AuthorizationCommand } from '#capture/commands.js';
import { anyCommands } from '../capture/arbitraries.js';
import { smallWorld } from '../capture/worlds.js';
import type { Random } from '../simulation/random.js';

/** A command as it is sent, any number of times. */
export type SentCommand = Readonly<{
  authorizationId: string;
  /** It names the authorization too, so that it is a name of its own among all commands. */
  commandId: string;
  type: string;
  /** JSON. */
  body: string;
}>;

/** Commands at random that take each authorization far: the first `each` of its life. */
export const commandsOf = (
  seed: number,
  {
    authorizations,
    each,
    named = 'auth',
  }: Readonly<{ authorizations: number; each: number; named?: string }>,
): readonly SentCommand[] =>
  Array.from({ length: authorizations }, (_, number) => {
    const addressee = { merchantAccountId: 'default', authorizationId: `${named}-${number}` };
    const life = sample(anyCommands(smallWorld, addressee), { seed: seed + number, numRuns: 1 })[0];
    return (life ?? []).slice(0, each).map(sentOf);
  }).flat();

const sentOf = (command: AuthorizationCommand): SentCommand => {
  const { authorizationId, commandId, type } = command;
  const { type: _inThePath, ...payload } = payloadOf(command);
  // What a cancel may become is named by the ledger, not by its sender.
  if (type === 'CancelCapture') Reflect.deleteProperty(payload, 'refundId');
  const body = JSON.stringify({ authorizationId, ...payload });
  return { authorizationId, commandId: `${authorizationId}.${commandId}`, type, body };
};

/**
 * So many senders per authorization: each sends all of its commands, in an order that is mostly that of
 * its life, and knows nothing of the others.
 */
export const queuesOf = (
  commands: readonly SentCommand[],
  sendersOfEach: number,
  random: Random,
): readonly (readonly SentCommand[])[] => {
  const lives = Map.groupBy(commands, ({ authorizationId }) => authorizationId).values();
  return [...lives].flatMap((life) =>
    Array.from({ length: sendersOfEach }, () => nearlyInOrder(life, random)),
  );
};

const nearlyInOrder = <Item>(items: readonly Item[], random: Random): readonly Item[] =>
  items
    .map((item, index) => ({ item, rank: index + random.fraction() * 3 }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item);

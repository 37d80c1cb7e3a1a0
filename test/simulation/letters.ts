import { sample } from 'fast-check';
import type { AuthorizationCommand } from '#capture/commands.js';
import { payloadOf } from '#capture/commands.js';
import { parseCommand } from '#commands/parse-command.js';
import type { SubmittedCommand } from '#commands/submitted-command.js';
import { anyCommands } from '../capture/arbitraries.js';
import { smallWorld } from '../capture/worlds.js';
import type { Random } from './random.js';

/** A command that somebody wants answered, as parsing leaves it. */
export type Letter = SubmittedCommand;

/** How the trace calls it. */
export const nameOf = ({ command: { authorizationId, commandId } }: Letter): string =>
  `${commandId} of ${authorizationId}`;

/** What tells a letter from every other one: the same command under one id is the same letter. */
export const idOfLetter = ({
  stream,
  command: { commandId },
  fingerprint,
}: Pick<Letter, 'stream' | 'fingerprint'> &
  Readonly<{ command: Readonly<{ commandId: string }> }>): string =>
  `${stream} ${commandId} ${fingerprint}`;

/** Of one authorization: enough to come to refunds, few enough for hundreds of seeds. */
const LETTERS = 25;

/** Of how many commands another one is sent under the same id. */
const REUSED = 0.06;

/**
 * The commands of one authorization's life, in the order in which they are plausible, and between them
 * some that say another thing under the id of an earlier or a later one.
 */
export const lettersTo = (authorizationId: string, random: Random): readonly Letter[] => {
  const addressee = { merchantAccountId: 'default', authorizationId };
  const seed = random.whole(0, 2 ** 31 - 1);
  const [life = []] = sample(anyCommands(smallWorld, addressee), { seed, numRuns: 1 });
  const commands = life.slice(0, LETTERS);
  return commands.flatMap((command) => {
    const { commandId } = commands[random.whole(0, commands.length - 1)] ?? command;
    const another = random.chance(REUSED) && commandId !== command.commandId;
    return another ? [letterOf(command), letterOf({ ...command, commandId })] : [letterOf(command)];
  });
};

const letterOf = (command: AuthorizationCommand): Letter => {
  const { merchantAccountId, authorizationId, commandId, issuedAt } = command;
  const ids = { merchantAccountId, authorizationId, commandId, issuedAt };
  const body = JSON.stringify(payloadOf(command), asSent(command));
  const parsed = parseCommand({ ...ids, body }, issuedAt);
  if (!parsed.ok) throw new Error(`${commandId} is invalid: ${body}`);
  const { command: complete, stream, sent, fingerprint } = parsed.command;
  return { command: complete, stream, sent, fingerprint };
};

/** What the domain takes and no sender may say: the id of a refund that cancels, a bound that is none. */
const asSent =
  ({ type }: AuthorizationCommand) =>
  (name: string, value: unknown): unknown => {
    const derived = name === 'refundId' && type === 'CancelCapture';
    const empty = name === 'overCapture' && Object.keys(value as object).length === 0;
    return derived || empty ? undefined : value;
  };

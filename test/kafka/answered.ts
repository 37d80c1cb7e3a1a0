import type { CommandBus } from '@nestjs/cqrs';
import type { Decided } from '#commands/answer.js';
import { CommandGateway } from '#commands/command-gateway.js';
import { parseCommand } from '#commands/parse-command.js';
import type { ParsedCommand } from '#commands/parsed-command.js';
import { commandIn } from '#kafka/command-record.js';
import type { InboundRecord } from '#kafka/records.js';
import { systemClock } from '#runtime/system-clock.js';
import { NOW } from '../commands/messages.js';
import { quiet } from '../commands/quiet-observer.js';

/** Nothing that is invalid gets as far. */
const nobody = {
  execute: ({ command }: ParsedCommand) =>
    Promise.reject(new Error(`taken: ${JSON.stringify(command)}`)),
} as unknown as CommandBus;

const gateway = new CommandGateway(nobody, systemClock, quiet);

/** What the gateway makes of a record that is no command; rejects where it is one. */
export const invalidAnswerTo = (record: InboundRecord): Promise<Decided> =>
  gateway.receive(commandIn(record));

/** What is wrong with a record that is no command: its places and the words for them. */
export const flawsOf = async (record: InboundRecord): Promise<readonly string[]> => {
  const { answer } = await invalidAnswerTo(record);
  return (answer.errors ?? []).map(({ pointer, message }) => `${pointer} ${message}`.trim());
};

/** The command that a record is; throws where it is none. */
export const commandOf = (record: InboundRecord): ParsedCommand => {
  const parsed = parseCommand(commandIn(record), NOW);
  if (!parsed.ok) throw new Error(`invalid: ${JSON.stringify(parsed.invalid.errors)}`);
  return parsed.command;
};

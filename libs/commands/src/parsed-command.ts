import { Command } from '@nestjs/cqrs';
import type { AuthorizationCommand } from '#capture/commands.js';
import type { Decided } from './answer.js';
import type { FingerprintSubject } from './fingerprint.js';
import type { SubmittedCommand } from './submitted-command.js';

/**
 * A command that was read, checked, completed and fingerprinted: what the CommandBus carries. The bus
 * finds a handler by class, so each type of command has a subclass.
 */
export abstract class ParsedCommand extends Command<Decided> implements SubmittedCommand {
  readonly command: AuthorizationCommand;
  readonly stream: string;
  readonly fingerprint: string;
  readonly sent: FingerprintSubject;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly ifMatch?: number;

  constructor(submitted: SubmittedCommand) {
    super();
    this.command = submitted.command;
    this.stream = submitted.stream;
    this.fingerprint = submitted.fingerprint;
    this.sent = submitted.sent;
    const { correlationId, causationId, ifMatch } = submitted;
    if (correlationId !== undefined) this.correlationId = correlationId;
    if (causationId !== undefined) this.causationId = causationId;
    if (ifMatch !== undefined) this.ifMatch = ifMatch;
  }
}

export type CommandClass = new (submitted: SubmittedCommand) => ParsedCommand;

/** A class of its own for the bus, named as the command is. */
export const commandClassOf = (type: string): CommandClass => {
  const commandClass = class extends ParsedCommand {};
  Object.defineProperty(commandClass, 'name', { value: type });
  return commandClass;
};
